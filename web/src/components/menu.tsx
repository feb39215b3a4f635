import { Check } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'
import { cx } from './cx.ts'
import { Keys } from './keys.tsx'

export interface MenuProps {
  trigger: ReactNode
  children: ReactNode
  align?: 'start' | 'end'
  side?: 'top' | 'bottom' | 'right'
  open?: boolean | undefined
  onOpenChange?: ((open: boolean) => void) | undefined
}

export function Menu({ trigger, children, align = 'start', side = 'bottom', open, onOpenChange }: MenuProps) {
  return (
    <DropdownMenu.Root
      modal={false}
      {...(open === undefined ? {} : { open })}
      {...(onOpenChange ? { onOpenChange } : {})}
    >
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
          className="overlay-in z-50 max-h-[min(420px,var(--radix-dropdown-menu-content-available-height))] min-w-48 overflow-y-auto rounded-lg border border-line bg-raised p-1 shadow-lift"
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

interface ItemProps {
  children: ReactNode
  icon?: ReactNode
  keys?: string
  checked?: boolean
  danger?: boolean
  onSelect: () => void
}

export function MenuItem({ children, icon, keys, checked, danger = false, onSelect }: ItemProps) {
  return (
    <DropdownMenu.Item
      onSelect={onSelect}
      {...(checked === undefined ? {} : { role: 'menuitemradio', 'aria-checked': checked })}
      className={cx(
        'flex min-h-8 items-center gap-2.5 rounded px-2 text-sm outline-none select-none data-[highlighted]:bg-hover touch:min-h-11',
        danger ? 'text-danger' : 'text-text',
      )}
    >
      {icon ? <span className="inline-flex w-4 justify-center text-soft [&>svg]:size-4">{icon}</span> : null}
      <span className="flex-1 truncate">{children}</span>
      {checked ? <Check aria-hidden="true" className="size-4 text-accent-text" /> : null}
      {keys ? <Keys keys={keys} /> : null}
    </DropdownMenu.Item>
  )
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <DropdownMenu.Label className="px-2 pt-2 pb-1 text-xs text-faint">{children}</DropdownMenu.Label>
}

export function MenuLine() {
  return <DropdownMenu.Separator className="mx-1 my-1 h-px bg-line" />
}
