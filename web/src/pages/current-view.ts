import { useLocation } from '@tanstack/react-router'

/** The view on screen, whether the address names it or the conversation opened from it. */
export function useCurrentView(): string | null {
  return useLocation({
    select: ({ pathname, search }) => {
      const match = /^\/inbox\/([^/]+)/.exec(pathname)
      if (match) return decodeURIComponent(match[1] ?? '')
      if (pathname.startsWith('/c/')) return (search as { view?: string }).view ?? 'all'
      return null
    },
  })
}
