import { Download, FileText } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Attachment } from '../../../../src/wire/message.ts'
import { cx } from '../../components/cx.ts'
import { fileSize } from '../../data/time.ts'
import { Lightbox } from './lightbox.tsx'

const shownAtMost = 4

export function Attachments({ attachments }: { attachments: readonly Attachment[] }) {
  const pictures = attachments.filter(
    (file) => file.url !== null && /^image\/(png|jpe?g|gif|webp|avif)$/.test(file.type),
  )
  const rest = attachments.filter((file) => !pictures.includes(file))
  if (attachments.length === 0) return null
  return (
    <div className="flex flex-col gap-1.5 py-1">
      {pictures.length ? <Pictures pictures={pictures} /> : null}
      {rest.map((file) =>
        file.type.startsWith('audio/') && file.url ? (
          <Sound key={file.id} file={file} />
        ) : (
          <FileLine key={file.id} file={file} />
        ),
      )}
    </div>
  )
}

function Pictures({ pictures }: { pictures: readonly Attachment[] }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState<number | null>(null)
  const shown = pictures.slice(0, shownAtMost)
  const more = pictures.length - shown.length
  return (
    <div className={cx('grid w-fit gap-1', shown.length > 1 && 'grid-cols-2')}>
      {shown.map((file, at) => (
        <button
          key={file.id}
          type="button"
          aria-label={t('file.openPicture', { name: file.name })}
          className="relative overflow-hidden rounded bg-pressed"
          onClick={() => setOpen(at)}
        >
          <img
            src={file.url ?? ''}
            alt={file.name}
            loading="lazy"
            className={cx('object-cover', shown.length > 1 ? 'size-36' : 'max-h-72 min-h-16 min-w-16 max-w-full')}
          />
          {more > 0 && at === shownAtMost - 1 ? (
            <span className="absolute inset-0 flex items-center justify-center bg-scrim text-xl font-semibold text-white">
              +{more}
            </span>
          ) : null}
        </button>
      ))}
      {open === null ? null : <Lightbox pictures={pictures} start={open} onClose={() => setOpen(null)} />}
    </div>
  )
}

const speeds = [1, 1.5, 2]

function Sound({ file }: { file: Attachment }) {
  const { t } = useTranslation()
  const [speed, setSpeed] = useState(1)
  return (
    <div className="flex items-center gap-2">
      <audio
        controls
        preload="metadata"
        src={file.url ?? ''}
        aria-label={file.name}
        className="h-9 max-w-64"
        ref={(player) => {
          if (player) player.playbackRate = speed
        }}
      >
        <track kind="captions" />
      </audio>
      <button
        type="button"
        aria-label={t('file.speed', { speed })}
        className="h-7 min-w-9 rounded border border-line-strong text-xs hover:bg-hover"
        onClick={() => setSpeed(speeds[(speeds.indexOf(speed) + 1) % speeds.length] ?? 1)}
      >
        {speed}×
      </button>
    </div>
  )
}

function FileLine({ file }: { file: Attachment }) {
  const { t, i18n } = useTranslation()
  const size = fileSize(file.size, i18n.language)
  const kind = (file.name.split('.').pop() ?? '').slice(0, 5).toUpperCase()
  const inside = (
    <>
      <span className="flex size-9 shrink-0 items-center justify-center rounded bg-pressed text-soft">
        <FileText className="size-4" />
      </span>
      <span className="flex min-w-0 flex-1 flex-col">
        <span className="truncate text-sm">{file.name}</span>
        <span className="text-xs text-faint">
          {file.state === 'stored'
            ? [kind, size].filter(Boolean).join(' · ')
            : t(file.state === 'failed' ? 'file.failed' : 'file.coming')}
        </span>
      </span>
    </>
  )
  const look =
    'flex w-64 max-w-full items-center gap-2.5 rounded border border-line-strong bg-raised p-1.5 pr-3 text-text'
  if (!file.url) return <div className={look}>{inside}</div>
  return (
    <a
      href={file.url}
      download={file.name}
      className={cx(look, 'hover:bg-hover')}
      title={t('file.download', { name: file.name, size })}
    >
      {inside}
      <Download aria-hidden="true" className="size-4 shrink-0 text-soft" />
    </a>
  )
}
