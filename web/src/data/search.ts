import type { Status } from '../../../src/wire/conversation.ts'

/** What the address bar says besides the path, so that a reload shows the same screen. */
export interface InboxSearch {
  /** The view a conversation was opened from. */
  view?: string
  status?: Status | 'any'
  sort?: 'waitingSince' | 'due'
  /** An answer in a form begins with it. */
  answer?: string
}

const known: readonly string[] = ['open', 'waiting', 'onHold', 'snoozed', 'resolved', 'spam', 'any']

export function inboxSearch(search: Record<string, unknown>): InboxSearch {
  const found: InboxSearch = {}
  if (typeof search['view'] === 'string') found.view = search['view']
  if (typeof search['status'] === 'string' && known.includes(search['status'])) {
    found.status = search['status'] as Status | 'any'
  }
  if (search['sort'] === 'waitingSince' || search['sort'] === 'due') found.sort = search['sort']
  if (typeof search['answer'] === 'string' && search['answer'].trim() !== '')
    found.answer = search['answer'].trim().slice(0, 100)
  return found
}
