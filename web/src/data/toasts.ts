import { createStore, type Store } from './store.ts'

export interface Toast {
  id: number
  text: string
  tone: 'plain' | 'problem'
  action?: { label: string; run: () => void }
}

export interface Toasts {
  readonly list: Store<readonly Toast[]>
  show(toast: Omit<Toast, 'id'>, ms?: number): void
  dismiss(id: number): void
}

/** What was done can be undone for six seconds. */
const shownFor = 6_000

export function createToasts(): Toasts {
  const list = createStore<readonly Toast[]>([])
  let count = 0
  const dismiss = (id: number) => list.set((old) => old.filter((toast) => toast.id !== id))
  return {
    list,
    dismiss,
    show(toast, ms = shownFor) {
      count += 1
      const id = count
      list.set((old) => [...old.slice(-2), { ...toast, id }])
      setTimeout(() => dismiss(id), ms)
    },
  }
}
