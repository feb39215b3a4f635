import type { ConversationQuery, Status } from '../../../src/wire/conversation.ts'

/** The slug of a view in the address bar: mine, unassigned, all, snoozed, resolved, spam, team-7, inbox-3, tag-vip. */
export type ViewSlug = string

export const builtIn = ['mine', 'unassigned', 'all', 'waiting', 'snoozed', 'resolved', 'spam'] as const
export type BuiltInView = (typeof builtIn)[number]

export interface ListSearch {
  status?: Status | 'any' | undefined
  sort?: 'waitingSince' | 'due' | undefined
  answer?: string | undefined
}

const own: Record<BuiltInView, ConversationQuery> = {
  mine: { assignee: 'me', status: 'open,waiting' },
  unassigned: { assignee: 'none', status: 'open,waiting' },
  all: { status: 'open,waiting' },
  waiting: { status: 'waiting,onHold' },
  snoozed: { status: 'snoozed' },
  resolved: { status: 'resolved' },
  spam: { status: 'spam' },
}

export function isBuiltIn(slug: string): slug is BuiltInView {
  return (builtIn as readonly string[]).includes(slug)
}

export function splitView(slug: ViewSlug): { kind: 'team' | 'inbox' | 'tag'; value: string } | null {
  const match = /^(team|inbox|tag)-(.+)$/.exec(slug)
  return match ? { kind: match[1] as 'team' | 'inbox' | 'tag', value: match[2] ?? '' } : null
}

/** What GET /conversations is asked for; an unknown slug is "all", so that an old link still shows something. */
export function queryOf(slug: ViewSlug, search: ListSearch = {}): ConversationQuery {
  const parts = splitView(slug)
  const base: ConversationQuery = isBuiltIn(slug)
    ? { ...own[slug] }
    : parts
      ? { [parts.kind]: parts.value, status: 'open,waiting' }
      : { ...own.all }
  if (search.status === 'any') delete base.status
  else if (search.status) base.status = search.status
  if (search.sort) base.sort = search.sort
  if (search.answer) base.answer = search.answer
  return base
}

interface Placed {
  status: Status
  assigneeId: string | null
  teamId: string | null
  inboxId: string
  tags: string[]
}

/** Would the server list it here? Used to keep or drop a row after a change of our own. */
export function belongs(query: ConversationQuery, item: Placed, myId: string | null): boolean {
  if (query.status && !query.status.split(',').includes(item.status)) return false
  if (query.assignee === 'me' && item.assigneeId !== myId) return false
  if (query.assignee === 'none' && item.assigneeId !== null) return false
  if (query.team && query.team !== item.teamId) return false
  if (query.inbox && query.inbox !== item.inboxId) return false
  if (query.tag && !item.tags.includes(query.tag)) return false
  return true
}
