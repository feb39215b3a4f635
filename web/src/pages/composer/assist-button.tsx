import { Lightbulb } from 'lucide-react'
import { Popover } from 'radix-ui'
import { lazy, type KeyboardEvent as Pressed, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../../components/button.tsx'
import { useKeys } from '../../keys/use-keys.ts'
import { askComposer } from './ask-composer.ts'

// Looked for only by who asks for it.
const AssistList = lazy(() => import('./assist-list.tsx').then((module) => ({ default: module.AssistList })))
const BesidePane = lazy(() =>
  import('../conversation/beside-pane.tsx').then((module) => ({ default: module.BesidePane })),
)

/** What helps with this answer, over the page and never between the lines of the composer. */
export function AssistButton({ conversationId }: { conversationId: string }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const [beside, setBeside] = useState<string | null>(null)
  useKeys({ h: () => setOpen(true) })
  useWritingKey(() => setOpen((old) => !old))
  return (
    <>
      <Popover.Root open={open} onOpenChange={setOpen}>
        <Popover.Trigger asChild>
          <IconButton label={t('assist.open')} hint="Ctrl+J">
            <Lightbulb className="size-4" />
          </IconButton>
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Content
            side="top"
            align="start"
            sideOffset={6}
            collisionPadding={8}
            aria-label={t('assist.title')}
            className="overlay-in z-50 flex max-h-[min(460px,var(--radix-popover-content-available-height))] w-[min(480px,calc(100vw-16px))] flex-col overflow-y-auto rounded-lg border border-line bg-raised p-1 shadow-lift outline-none"
            // The composer has the focus then, with what was chosen.
            onCloseAutoFocus={(event) => event.preventDefault()}
            onKeyDown={onArrows}
            onEscapeKeyDown={() => askComposer({})}
          >
            <Suspense>
              <AssistList
                conversationId={conversationId}
                onText={(text) => {
                  setOpen(false)
                  askComposer({ kind: 'reply', text })
                }}
                onBeside={(id) => {
                  setOpen(false)
                  setBeside(id)
                }}
              />
            </Suspense>
          </Popover.Content>
        </Popover.Portal>
      </Popover.Root>
      <Suspense>{beside ? <BesidePane id={beside} onClose={() => setBeside(null)} /> : null}</Suspense>
    </>
  )
}

function onArrows(event: Pressed<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  if (step === 0) return
  event.preventDefault()
  const all = [...event.currentTarget.querySelectorAll('button')]
  const at = all.indexOf(document.activeElement as HTMLButtonElement)
  all[Math.max(0, Math.min(at + step, all.length - 1))]?.focus()
}

/** Also while typing, where single keys are letters. */
function useWritingKey(run: () => void): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const mod = event.ctrlKey !== event.metaKey
      if (!mod || event.altKey || event.shiftKey || event.isComposing || event.key.toLowerCase() !== 'j') return
      if (document.querySelector('[role="dialog"][aria-modal="true"]')) return
      event.preventDefault()
      run()
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  })
}
