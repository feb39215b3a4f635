import { useEffect } from 'react'

/** What the tab is called, so that it is found among thirty others. */
export function useTitle(name: string | null): void {
  useEffect(() => {
    // null: somebody else names it.
    if (name !== null) document.title = `${name} · Tributary`
  }, [name])
}
