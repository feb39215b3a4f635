import type { Visibility } from '../domain/principal.ts'
import type { Seen } from '../domain/visibility.ts'
import { named, type Queryable } from './database.ts'
import { visible } from './visibility.ts'

/** Lives for seconds and is never stored; who misses it has missed nothing. */
export type Signal =
  | (Place & Typing)
  | (Place & Viewing)
  /** Somebody missed something: say again who looks at what. */
  | { readonly type: 'who' }
  | { readonly type: 'presence'; readonly agentId: string; readonly availability: 'online' | 'away' | 'offline' }

interface Typing {
  readonly type: 'typing'
  readonly typing: boolean
  /** Not for customers. */
  readonly note?: boolean
  readonly by: SignalAuthor
}

export interface Viewing {
  readonly type: 'viewing'
  readonly socket: string
  /** Rises with each word of this socket: one that was overtaken changes nothing. */
  readonly n: number
  readonly on: boolean
  readonly agent: Person
}

/** Which conversation, and what decides who may hear of it. */
export interface Place extends Seen {
  readonly conversationId: string
  readonly threadId: string
}
export interface Person {
  readonly id: string
  readonly name: string
}
export interface SignalAuthor {
  readonly type: 'contact' | 'agent'
  readonly id: string | null
  readonly name: string
}

// A notification carries at most 8,000 bytes, and names may be as long as people make them.
const MAX_BYTES = 4_000

const send = named('ephemeral-send', `select pg_notify('ephemeral', text) from unnest($1::text[]) text`)

/** To every process of the installation. Too long a signal is dropped: it was only a hint. */
export async function sendSignals(q: Queryable, signals: readonly Signal[]): Promise<void> {
  const texts = signals.map((signal) => JSON.stringify(signal)).filter((text) => Buffer.byteLength(text) <= MAX_BYTES)
  if (texts.length > 0) await send(q, [texts])
}

export async function sendSignal(q: Queryable, signal: Signal): Promise<void> {
  await sendSignals(q, [signal])
}

const PLACE = `c.id as "conversationId", c.thread_id as "threadId", c.inbox_id as "inboxId", c.restricted,
  c.team_id as "teamId", c.assignee_id as "assigneeId"`

/** null: there is no such conversation, or not for `who`. */
export async function placeFor(q: Queryable, conversationId: string, who: Visibility): Promise<Place | null> {
  const values: unknown[] = [conversationId]
  const text = `select ${PLACE} from conversation c where c.id = $1 and ${visible('c', who, values)}`
  const { rows } = await q.query({ name: 'ephemeral-place', text, values })
  return (rows[0] as Place | undefined) ?? null
}

/** Of these conversations, whoever may see them. */
export async function placesOf(q: Queryable, conversationIds: readonly string[]): Promise<Map<string, Place>> {
  const text = `select ${PLACE} from conversation c where c.id = any($1::bigint[])`
  const { rows } = await q.query({ name: 'ephemeral-places', text, values: [conversationIds] })
  return new Map((rows as Place[]).map((place) => [place.conversationId, place]))
}

/** The conversation a customer of this thread is in; null before the first message. */
export async function signalCustomerTyping(
  q: Queryable,
  thread: { readonly inboxId: string; readonly key: string },
  typing: boolean,
): Promise<void> {
  const text = `select ${PLACE}, left(coalesce(k.name, ''), 200) as name, k.id as "contactId"
    from thread t join conversation c on c.id = t.conversation_id
      left join identity i on i.id = c.opener_identity_id left join contact k on k.id = i.contact_id
    where t.inbox_id = $1 and t.key = $2`
  const { rows } = await q.query({ name: 'ephemeral-customer', text, values: [thread.inboxId, thread.key] })
  const row = rows[0] as (Place & { name: string; contactId: string | null }) | undefined
  if (row === undefined) return
  const { name, contactId, ...place } = row
  await sendSignal(q, { type: 'typing', typing, by: { type: 'contact', id: contactId, name }, ...place })
}

/** The name colleagues see; null: the installation's own token. */
export async function personOf(q: Queryable, agentId: string | null): Promise<Person | null> {
  if (agentId === null) return null
  const { rows } = await q.query('select id, left(name, 200) as name from agent where id = $1', [agentId])
  return (rows[0] as Person | undefined) ?? null
}
