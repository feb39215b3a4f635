import { FileText, Paperclip, X } from 'lucide-react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../../components/button.tsx'
import { fileSize } from '../../data/time.ts'
import type { FilesInHand } from './use-files.ts'

export function Files({ files }: { files: FilesInHand }) {
  const { t, i18n } = useTranslation()
  if (files.attachments.length === 0 && files.uploads.length === 0) return null
  return (
    <ul className="flex flex-wrap gap-2 px-3 pb-1" aria-label={t('file.title')}>
      {files.attachments.map((file) => (
        <li
          key={file.id}
          className="flex h-10 max-w-60 items-center gap-2 rounded border border-line-strong bg-surface pr-0.5 pl-1.5 text-text"
        >
          {file.url && file.type.startsWith('image/') ? (
            <img src={file.url} alt="" className="size-7 rounded-sm object-cover" />
          ) : (
            <FileText className="size-4 shrink-0 text-soft" />
          )}
          <span className="min-w-0 truncate text-xs">{file.name}</span>
          <span className="text-xs whitespace-nowrap text-faint">{fileSize(file.size, i18n.language)}</span>
          <IconButton
            label={t('file.remove', { name: file.name })}
            className="size-7"
            onClick={() => files.remove(file.id)}
          >
            <X className="size-3.5" />
          </IconButton>
        </li>
      ))}
      {files.uploads.map((upload) => (
        <li
          key={upload.key}
          className="relative flex h-10 max-w-72 items-center gap-2 overflow-hidden rounded border border-line-strong bg-surface pr-0.5 pl-2 text-text"
        >
          <span className={upload.error ? 'truncate text-xs text-danger' : 'truncate text-xs'}>
            {upload.error ? `${upload.name}: ${upload.error}` : upload.name}
          </span>
          {upload.error ? null : (
            <progress
              value={upload.share}
              max={1}
              aria-label={upload.name}
              className="absolute inset-x-0 bottom-0 h-0.5 w-full appearance-none [&::-webkit-progress-bar]:bg-transparent [&::-webkit-progress-value]:bg-accent"
            />
          )}
          <IconButton label={t('file.remove', { name: upload.name })} className="size-7" onClick={upload.stop}>
            <X className="size-3.5" />
          </IconButton>
        </li>
      ))}
    </ul>
  )
}

export function AttachButton({ files }: { files: FilesInHand }) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <IconButton label={t('composer.attach')} onClick={() => input.current?.click()}>
        <Paperclip className="size-4" />
      </IconButton>
      <input
        ref={input}
        type="file"
        multiple
        className="hidden"
        aria-label={t('composer.attach')}
        onChange={(event) => {
          files.addAll([...(event.target.files ?? [])])
          event.target.value = ''
        }}
      />
    </>
  )
}
