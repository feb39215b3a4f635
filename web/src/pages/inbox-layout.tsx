import { Outlet, useMatch } from '@tanstack/react-router'
import { useEffect } from 'react'
import { narrow, useMedia } from '../components/use-media.ts'
import { ListPane } from './list/list-pane.tsx'

/** List and conversation side by side; on a phone one of them. The list stays mounted, so that "back" finds it where it was. */
export function InboxLayout() {
  const isNarrow = useMedia(narrow)
  const open = useMatch({ from: '/desk/inbox/c/$id', shouldThrow: false })
  usePreload()
  const listHidden = isNarrow && open !== undefined
  // Alone on the screen it is what the page is about.
  const List = isNarrow ? 'main' : 'div'
  return (
    <>
      <List className={listHidden ? 'hidden' : 'flex min-h-0 min-w-0 narrow:flex-1'}>
        <ListPane />
      </List>
      {isNarrow && !open ? null : (
        <div className="flex min-w-0 flex-1">
          <Outlet />
        </div>
      )}
    </>
  )
}

const preloadAfter = 1_500

/** The list is painted without the conversation's script; it comes while the agent reads the list. */
function usePreload(): void {
  useEffect(() => {
    // Without a network it fails, and is asked for again when a conversation is opened.
    const preload = () => void import('./conversation-page.tsx').catch(() => undefined)
    const timer = setTimeout(preload, preloadAfter)
    return () => clearTimeout(timer)
  }, [])
}
