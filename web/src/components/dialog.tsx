import { X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from './button.tsx'
import { cx } from './cx.ts'

interface DialogProps {
  open: boolean
  onClose: () => void
  title: string
  description?: string
  width?: string
  children: ReactNode
}

export function Dialog({ open, onClose, title, description, width = 'max-w-md', children }: DialogProps) {
  const { t } = useTranslation()
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Radix.Content
          {...(description ? {} : { 'aria-describedby': undefined })}
          className={cx(
            'overlay-in fixed inset-x-3 top-[12dvh] z-50 mx-auto flex max-h-[80dvh] flex-col rounded-lg border border-line bg-raised shadow-lift',
            width,
          )}
        >
          <header className="flex items-center justify-between gap-3 py-2 pr-2 pl-5">
            <Radix.Title className="text-lg font-semibold">{title}</Radix.Title>
            <IconButton label={t('common.close')} onClick={onClose}>
              <X className="size-4" />
            </IconButton>
          </header>
          <div className="overflow-y-auto px-5 pb-5">
            {description ? <Radix.Description className="mb-3 text-soft">{description}</Radix.Description> : null}
            {children}
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
