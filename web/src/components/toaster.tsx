import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useStore } from '../data/store.ts'
import type { Toasts } from '../data/toasts.ts'
import { IconButton } from './button.tsx'

export function Toaster({ toasts }: { toasts: Toasts }) {
  const list = useStore(toasts.list)
  const { t } = useTranslation()
  return (
    <div
      role="status"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-0 bottom-4 z-[60] flex flex-col items-start gap-2 pr-4 pl-16 narrow:bottom-20 narrow:items-center narrow:pl-4"
    >
      {list.map((toast) => (
        <div
          key={toast.id}
          data-state="open"
          className="sheet-in pointer-events-auto flex max-w-lg items-center gap-2 rounded-lg border border-line bg-raised py-1 pr-1 pl-4 text-sm shadow-lift"
        >
          <span className={toast.tone === 'problem' ? 'py-1 text-danger' : 'py-1'}>{toast.text}</span>
          {toast.action ? (
            <button
              type="button"
              className="h-8 rounded px-2.5 font-medium whitespace-nowrap text-accent-text hover:bg-hover touch:h-11"
              onClick={() => {
                toasts.dismiss(toast.id)
                toast.action?.run()
              }}
            >
              {toast.action.label}
            </button>
          ) : null}
          <IconButton label={t('common.dismiss')} onClick={() => toasts.dismiss(toast.id)}>
            <X className="size-3.5" />
          </IconButton>
        </div>
      ))}
    </div>
  )
}
