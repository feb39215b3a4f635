import type { Status } from '../domain/conversation.ts'
import type { Visibility } from '../domain/principal.ts'
import { type ConversationView, conversationColumns, conversationJoins } from './conversation-columns.ts'
import type { Queryable } from './database.ts'
import { visible } from './visibility.ts'

export interface ConversationFilter {
  readonly statuses: readonly Status[]
  readonly inboxIds?: readonly string[] | undefined
  readonly channels?: readonly string[] | undefined
  readonly assignees?: Holders | undefined
  readonly teams?: Holders | undefined
  readonly tags?: readonly string[] | undefined
  readonly priorities?: readonly number[] | undefined
  readonly contactIds?: readonly string[] | undefined
  /** An answer in a form begins with it. */
  readonly answer?: string | undefined
}
export interface Holders {
  readonly ids: readonly string[]
  readonly none: boolean
}
export interface ListPage {
  readonly sort: 'lastActivity' | 'waitingSince' | 'due'
  /** Exclusive: the key of the last row already seen. `at` is PostgreSQL's own text, to the microsecond. */
  readonly after?: { readonly at: string; readonly id: string } | undefined
  readonly limit: number
}
export type ListedConversation = ConversationView & { readonly sortKey: string }

/**
 * One statement. The newest `limit` rows come from the index of one dimension, once for each of its values and each
 * status, so that no list is ever sorted whole; the remaining filters narrow what those indexes yield.
 */
export async function listConversations(
  q: Queryable,
  who: Visibility,
  filter: ConversationFilter,
  page: ListPage,
): Promise<ListedConversation[]> {
  const values: unknown[] = []
  const add = (value: unknown) => `$${values.push(value)}`
  const rows = page.sort === 'lastActivity' ? byActivity(who, filter, page, values) : byTime(who, filter, page, values)
  const order = page.sort === 'lastActivity' ? 'p.at desc, p.id desc' : 'p.at, p.id'
  const text = `with p as materialized (${rows})
    select ${conversationColumns},
      to_char(p.at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "sortKey"
    from p join conversation c on c.id = p.id ${conversationJoins(add(who.agentId))} order by ${order}`
  const result = await q.query(text, values)
  return result.rows
}

function byActivity(who: Visibility, filter: ConversationFilter, page: ListPage, values: unknown[]): string {
  const add = (value: unknown) => `$${values.push(value)}`
  const dimension = dimensionOf(who, filter, add)
  const tagged = dimension.of === 'tag'
  const [from, at, id, status] = tagged
    ? [
        'conversation_tag t join conversation c on c.id = t.conversation_id',
        't.last_activity_at',
        't.conversation_id',
        't.status',
      ]
    : ['conversation c', 'c.last_activity_at', 'c.id', 'c.status']
  const wheres = [
    `${status} = s.status`,
    dimension.is,
    visible('c', who, values),
    ...narrowing(filter, dimension.of, add),
  ]
  if (page.after) wheres.push(`(${at}, ${id}) < (${add(page.after.at)}::timestamptz, ${add(page.after.id)}::bigint)`)
  const limit = literal(page.limit)
  return `select distinct x.id, x.at from unnest(${add(filter.statuses)}::text[]) s(status)
    cross join (${dimension.values}) d(value)
    cross join lateral (select ${id} as id, ${at} as at from ${from} where ${wheres.join(' and ')}
      order by ${at} desc, ${id} desc limit ${limit}) x
    order by x.at desc, x.id desc limit ${limit}`
}

/** In the text, because a plan made without knowing it would prepare for a tenth of the table. */
function literal(limit: number): string {
  return String(Math.trunc(limit))
}

/** Longest waiting first, or what is due next. */
function byTime(who: Visibility, filter: ConversationFilter, page: ListPage, values: unknown[]): string {
  const add = (value: unknown) => `$${values.push(value)}`
  const column = page.sort === 'due' ? 'c.due_at' : 'c.waiting_since'
  const wheres = [
    `${column} is not null`,
    `c.status = any(${add(filter.statuses)}::text[])`,
    visible('c', who, values),
    ...narrowing(filter, 'none', add),
  ]
  if (page.after) wheres.push(`(${column}, c.id) > (${add(page.after.at)}::timestamptz, ${add(page.after.id)}::bigint)`)
  return `select c.id, ${column} as at from conversation c where ${wheres.join(' and ')}
    order by ${column}, c.id limit ${literal(page.limit)}`
}

type Dimension = 'answer' | 'assignee' | 'team' | 'tag' | 'inbox'
type Add = (value: unknown) => string

/** The filter that leaves least and has an index: an answer, a person, then a tag, a team, else the inboxes. */
function dimensionOf(
  who: Visibility,
  filter: ConversationFilter,
  add: Add,
): { of: Dimension; values: string; is: string } {
  const { answer, assignees, teams, tags } = filter
  if (answer !== undefined) return { of: 'answer', values: answeredWith(answer, add), is: 'c.id = d.value' }
  if (assignees && oneKind(assignees)) return { of: 'assignee', ...holderDimension('c.assignee_id', assignees, add) }
  if (tags) return { of: 'tag', values: `select * from unnest(${add(tags)}::text[])`, is: 't.tag = d.value' }
  if (teams && oneKind(teams)) return { of: 'team', ...holderDimension('c.team_id', teams, add) }
  const mine = `select id from inbox where id = any(${add(who.inboxIds)}::bigint[])`
  const chosen = filter.inboxIds ? ` and id = any(${add(filter.inboxIds)}::bigint[])` : ''
  const channels = filter.channels ? ` and channel = any(${add(filter.channels)}::text[])` : ''
  return { of: 'inbox', values: mine + chosen + channels, is: 'c.inbox_id = d.value' }
}

/** By its index; of what very many answered the same not all is found. */
function answeredWith(answer: string, add: Add): string {
  const value = 'left(lower(a.value), 100) collate "C"'
  const given = `left(lower(${add(answer)}), 100) collate "C"`
  return `select distinct a.conversation_id from conversation_answer a
    where ${value} >= ${given} and ${value} < ${given} || chr(1114111) limit 5000`
}

function oneKind(holders: Holders): boolean {
  return holders.none !== holders.ids.length > 0
}

function holderDimension(column: string, holders: Holders, add: Add): { values: string; is: string } {
  if (holders.none) return { values: 'select null::bigint', is: `${column} is null` }
  return { values: `select * from unnest(${add(holders.ids)}::bigint[])`, is: `${column} = d.value` }
}

function narrowing(filter: ConversationFilter, done: Dimension | 'none', add: Add): string[] {
  const wheres: string[] = []
  const { assignees, teams, tags } = filter
  if (filter.inboxIds && done !== 'inbox') wheres.push(`c.inbox_id = any(${add(filter.inboxIds)}::bigint[])`)
  if (filter.channels && done !== 'inbox') {
    wheres.push(`c.inbox_id in (select id from inbox where channel = any(${add(filter.channels)}::text[]))`)
  }
  if (assignees && done !== 'assignee') wheres.push(holderCondition('c.assignee_id', assignees, add))
  if (teams && done !== 'team') wheres.push(holderCondition('c.team_id', teams, add))
  if (tags && done !== 'tag') wheres.push(`c.tags && ${add(tags)}::text[]`)
  if (filter.answer !== undefined && done !== 'answer') wheres.push(`c.id in (${answeredWith(filter.answer, add)})`)
  if (filter.priorities) wheres.push(`c.priority = any(${add(filter.priorities)}::smallint[])`)
  if (filter.contactIds) {
    wheres.push(
      `c.opener_identity_id in (select id from identity where contact_id = any(${add(filter.contactIds)}::bigint[]))`,
    )
  }
  return wheres
}

function holderCondition(column: string, holders: Holders, add: Add): string {
  const named = `${column} = any(${add(holders.ids)}::bigint[])`
  return holders.none ? `(${named} or ${column} is null)` : named
}
