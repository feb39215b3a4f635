import { ChevronLeft, ChevronRight, Download, X } from 'lucide-react'
import { Dialog } from 'radix-ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Attachment } from '../../../../src/wire/message.ts'

interface LightboxProps {
  pictures: readonly Attachment[]
  start: number
  onClose: () => void
}

const tool = 'inline-flex size-11 items-center justify-center rounded-full bg-scrim text-white hover:brightness-150'

export function Lightbox({ pictures, start, onClose }: LightboxProps) {
  const { t } = useTranslation()
  const [at, setAt] = useState(start)
  const picture = pictures[at]
  const move = (step: number) => setAt((old) => (old + step + pictures.length) % pictures.length)
  if (!picture) return null
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-50 bg-[oklch(0.08_0.01_240/0.88)]" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed inset-0 z-50 flex flex-col outline-none"
          onKeyDown={(event) => {
            if (event.key === 'ArrowRight') move(1)
            if (event.key === 'ArrowLeft') move(-1)
          }}
        >
          <header className="flex items-center gap-2 p-3 text-white">
            <Dialog.Title className="min-w-0 flex-1 truncate text-sm">
              {picture.name}
              {pictures.length > 1 ? ` · ${at + 1} / ${pictures.length}` : ''}
            </Dialog.Title>
            <a
              href={picture.url ?? ''}
              download={picture.name}
              aria-label={t('file.download', { name: picture.name, size: '' })}
              className={tool}
            >
              <Download className="size-5" />
            </a>
            <Dialog.Close aria-label={t('common.close')} className={tool}>
              <X className="size-5" />
            </Dialog.Close>
          </header>
          <div className="flex min-h-0 flex-1 items-center justify-center gap-2 p-3 pt-0">
            {pictures.length > 1 ? (
              <button type="button" aria-label={t('file.previous')} className={tool} onClick={() => move(-1)}>
                <ChevronLeft className="size-6" />
              </button>
            ) : null}
            <img
              src={picture.url ?? ''}
              alt={picture.name}
              className="max-h-full min-w-0 max-w-full flex-1 object-contain"
            />
            {pictures.length > 1 ? (
              <button type="button" aria-label={t('file.next')} className={tool} onClick={() => move(1)}>
                <ChevronRight className="size-6" />
              </button>
            ) : null}
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
