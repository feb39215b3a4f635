import { Slot } from 'radix-ui'
import {
  type KeyboardEvent,
  lazy,
  type PointerEvent,
  type ReactNode,
  Suspense,
  useEffect,
  useRef,
  useState,
} from 'react'
import type { MenuProps } from './menu.tsx'

const load = () => import('./menu.tsx')
const LoadedMenu = lazy(async () => ({ default: (await load()).Menu }))
export const MenuItem = lazy(async () => ({ default: (await load()).MenuItem }))
export const MenuLabel = lazy(async () => ({ default: (await load()).MenuLabel }))
export const MenuLine = lazy(async () => ({ default: (await load()).MenuLine }))

/** What places and steers an open menu weighs as much as a page: for what is painted first it comes after the page, or when it is opened. */
export function Menu({ trigger, ...rest }: Omit<MenuProps, 'open' | 'onOpenChange'>) {
  const [ready, setReady] = useState(false)
  const [open, setOpen] = useState(false)
  const ask = () =>
    void arrived().then((has) => {
      setReady(has)
      setOpen(has)
    })
  if (!ready) return <Waiting trigger={trigger} ask={ask} onReady={setReady} />
  return (
    <Suspense fallback={trigger}>
      <LoadedMenu trigger={trigger} open={open} onOpenChange={setOpen} {...rest} />
    </Suspense>
  )
}

const opening = new Set(['Enter', ' ', 'ArrowDown'])

interface WaitingProps {
  trigger: ReactNode
  ask: () => void
  onReady: (ready: true) => void
}

function Waiting({ trigger, ask, onReady }: WaitingProps) {
  const button = useRef<HTMLElement>(null)
  useEffect(() => afterPage(() => button.current, onReady), [onReady])
  return (
    <Slot.Root
      ref={button}
      aria-haspopup="menu"
      aria-expanded={false}
      onPointerDown={(event: PointerEvent) => event.button === 0 && !event.ctrlKey && ask()}
      onKeyDown={(event: KeyboardEvent) => {
        if (!opening.has(event.key)) return
        event.preventDefault()
        ask()
      }}
      onClick={ask}
    >
      {trigger}
    </Slot.Root>
  )
}

const pageMs = 1_000

/** Whoever stands on the button is not thrown off it: for them it comes when they press it. */
function afterPage(button: () => HTMLElement | null, onReady: (ready: true) => void): () => void {
  const look = async () => {
    if (!(await arrived())) timer = setTimeout(look, pageMs)
    else if (button()?.isConnected && !button()?.contains(document.activeElement)) onReady(true)
  }
  let timer = setTimeout(look, pageMs)
  return () => clearTimeout(timer)
}

/** Asked for before it is shown: React would keep a failure for good. */
async function arrived(): Promise<boolean> {
  return load().then(
    () => true,
    () => false,
  )
}
