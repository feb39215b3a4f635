import { Outlet, useMatch } from '@tanstack/react-router'
import { narrow, useMedia } from '../components/use-media.ts'
import { ListPane } from './list/list-pane.tsx'

/** List and conversation side by side; on a phone one of them. The list stays mounted, so that "back" finds it where it was. */
export function InboxLayout() {
  const isNarrow = useMedia(narrow)
  const open = useMatch({ from: '/desk/inbox/c/$id', shouldThrow: false })
  const listHidden = isNarrow && open !== undefined
  return (
    <>
      <div className={listHidden ? 'hidden' : 'flex min-h-0 min-w-0 narrow:flex-1'}>
        <ListPane />
      </div>
      {isNarrow && !open ? null : (
        <div className="flex min-w-0 flex-1">
          <Outlet />
        </div>
      )}
    </>
  )
}
