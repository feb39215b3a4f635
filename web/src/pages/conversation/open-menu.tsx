import { createContext, type ReactNode, useContext, useState } from 'react'

export type MenuName = 'assign' | 'snooze' | 'tags' | 'priority' | 'status' | 'escalate' | 'rules' | 'progress'

interface Menus {
  open: MenuName | null
  set: (menu: MenuName | null) => void
}

const MenusContext = createContext<Menus>({ open: null, set: () => undefined })

/** Which menu of the conversation is open, so that a key opens what a click opens. */
export function MenusProvider({ children }: { children: ReactNode }) {
  const [open, set] = useState<MenuName | null>(null)
  return <MenusContext value={{ open, set }}>{children}</MenusContext>
}

export function useMenus(): Menus {
  return useContext(MenusContext)
}

export function useMenu(name: MenuName): { open: boolean; onOpenChange: (open: boolean) => void } {
  const { open, set } = useMenus()
  return { open: open === name, onOpenChange: (next) => set(next ? name : null) }
}
