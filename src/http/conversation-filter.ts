import { z } from 'zod'
import type { Principal } from '../domain/principal.ts'
import type { ConversationFilter, Holders, ListPage } from '../store/conversation-list.ts'
import { type ConversationQuery, type Priority, priority, status } from '../wire/conversation.ts'
import { id } from '../wire/primitive.ts'
import { badField } from './http-error.ts'
import { decodeCursor } from './page-cursor.ts'

export const priorities: readonly Priority[] = ['low', 'normal', 'high', 'urgent']
const MAX_VALUES = 100

/** The query string as a filter: each value checked by itself, nothing of it ever becomes SQL text. */
export function filterOf(query: ConversationQuery, who: Principal): ConversationFilter {
  const statuses = listOf('status', query.status, status)
  return {
    statuses: statuses ?? status.options,
    inboxIds: listOf('inbox', query.inbox, id),
    channels: listOf('channel', query.channel, z.string().regex(/^[a-z][a-z0-9-]{0,39}$/)),
    assignees: holdersOf('assignee', query.assignee, who.agentId),
    teams: holdersOf('team', query.team, null),
    tags: listOf('tag', query.tag, z.string().min(1).max(60)),
    priorities: listOf('priority', query.priority, priority)?.map((name) => priorities.indexOf(name) + 1),
    contactIds: listOf('contact', query.contact, id),
    answer: query.answer,
  }
}

const after = z.strictObject({
  sort: z.enum(['lastActivity', 'waitingSince', 'due']),
  at: z
    .string()
    .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
    .refine((text) => Number.isFinite(Date.parse(text))),
  id,
})

export function pageOfQuery(query: ConversationQuery): ListPage {
  const sort = query.sort ?? 'lastActivity'
  const cursor = decodeCursor(query.next, after)
  if (cursor && cursor.sort !== sort) throw badField('next', 'belongs to another order')
  return { sort, limit: (query.limit ?? 25) + 1, after: cursor && { at: cursor.at, id: cursor.id } }
}

function listOf<T>(field: string, text: string | undefined, schema: z.ZodType<T>): T[] | undefined {
  if (text === undefined) return undefined
  const parts = text.split(',')
  if (parts.length > MAX_VALUES) throw badField(field, `takes at most ${MAX_VALUES} values`)
  return [...new Set(parts)].map((part) => {
    const parsed = schema.safeParse(part)
    if (!parsed.success) throw badField(field, 'has a value that is not known')
    return parsed.data
  })
}

function holdersOf(field: string, text: string | undefined, me: string | null): Holders | undefined {
  const words = listOf(
    field,
    text,
    z.union([id, z.literal('none'), ...(field === 'assignee' ? [z.literal('me')] : [])]),
  )
  if (!words) return undefined
  // A token of the installation is nobody: "me" finds nothing.
  const ids = words.filter((word) => word !== 'none').map((word) => (word === 'me' ? (me ?? '0') : word))
  return { ids: [...new Set(ids)], none: words.includes('none') }
}
