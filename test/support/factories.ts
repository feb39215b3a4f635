import { randomBytes } from 'node:crypto'
import type { Queryable } from '../../src/store/database.ts'

/** Rows as plain SQL makes them, each with what it needs around it. Whatever is not said does not matter to the test. */

type Column = string | number | boolean | Date | null | readonly string[] | Record<string, unknown>

async function insert(q: Queryable, table: string, row: Record<string, Column | undefined>): Promise<string> {
  const columns = Object.keys(row).filter((column) => row[column] !== undefined)
  const places = columns.map((_, index) => `$${index + 1}`)
  const values = columns.map((column) => row[column])
  const { rows } = await q.query(
    `insert into ${table} (${columns.join(', ')}) values (${places.join(', ')}) returning id`,
    values,
  )
  return (rows[0] as { id: string }).id
}

/** Different in every run, so that nothing is unique by luck alone. */
export function unique(prefix: string): string {
  return `${prefix}-${randomBytes(5).toString('hex')}`
}

export interface AgentWish {
  readonly name?: string
  readonly email?: string
  readonly role?: 'admin' | 'supervisor' | 'agent'
  readonly active?: boolean
  readonly passwordHash?: string
  readonly inboxes?: readonly string[]
  readonly teams?: readonly string[]
}

export async function createAgent(q: Queryable, wish: AgentWish = {}): Promise<string> {
  const name = wish.name ?? unique('Agent')
  const id = await insert(q, 'agent', {
    email: wish.email ?? `${unique('agent')}@example.org`,
    name,
    public_name: name,
    role: wish.role ?? 'agent',
    active: wish.active ?? true,
    password_hash: wish.passwordHash,
  })
  for (const inboxId of wish.inboxes ?? []) await addMember(q, inboxId, id)
  for (const teamId of wish.teams ?? []) {
    await q.query('insert into team_member (team_id, agent_id) values ($1, $2)', [teamId, id])
  }
  return id
}

export async function addMember(q: Queryable, inboxId: string, agentId: string): Promise<void> {
  await q.query('insert into inbox_member (inbox_id, agent_id) values ($1, $2) on conflict do nothing', [
    inboxId,
    agentId,
  ])
}

export function createTeam(q: Queryable, name = unique('Team')): Promise<string> {
  return insert(q, 'team', { name })
}

export interface InboxWish {
  readonly channel?: string
  readonly name?: string
  /** As the store keeps them; secrets are another matter (`src/store/inbox.ts`). */
  readonly settings?: Record<string, unknown>
  readonly teamId?: string
  readonly restricted?: boolean
  readonly enabled?: boolean
  readonly reopenHours?: number
  readonly importFrom?: Date
  readonly liveSince?: Date
}

/** Live since long ago, so that events of a test's own past are not history. */
export function createInbox(q: Queryable, wish: InboxWish = {}): Promise<string> {
  const longAgo = new Date('2020-01-01T00:00:00Z')
  return insert(q, 'inbox', {
    channel: wish.channel ?? 'loop',
    name: wish.name ?? unique('Inbox'),
    settings: wish.settings ?? {},
    team_id: wish.teamId,
    restricted: wish.restricted,
    enabled: wish.enabled,
    reopen_hours: wish.reopenHours,
    import_from: wish.importFrom ?? longAgo,
    live_since: wish.liveSince ?? longAgo,
  })
}

export function createContact(q: Queryable, name = unique('Contact')): Promise<string> {
  return insert(q, 'contact', { name })
}

export interface IdentityWish {
  readonly contactId?: string
  readonly channel?: string
  readonly key?: string
  readonly name?: string
  readonly agentId?: string
}

export async function createIdentity(q: Queryable, wish: IdentityWish = {}): Promise<string> {
  const name = wish.name ?? unique('Customer')
  return insert(q, 'identity', {
    contact_id: wish.contactId ?? (await createContact(q, name)),
    channel: wish.channel ?? 'loop',
    key: wish.key ?? unique('person'),
    name,
    agent_id: wish.agentId,
  })
}

export interface ThreadWish {
  readonly inboxId?: string
  readonly key?: string
  readonly kind?: string
  readonly audience?: 'private' | 'shared' | 'public'
  readonly place?: string
}

export async function createThread(q: Queryable, wish: ThreadWish = {}): Promise<string> {
  const key = wish.key ?? unique('chat')
  return insert(q, 'thread', {
    inbox_id: wish.inboxId ?? (await createInbox(q)),
    key,
    kind: wish.kind ?? 'chat',
    audience: wish.audience ?? 'private',
    place: wish.place ?? key,
  })
}

export interface ConversationWish {
  readonly inboxId?: string
  readonly threadId?: string
  readonly identityId?: string
  readonly status?: 'open' | 'waiting' | 'onHold' | 'snoozed' | 'resolved' | 'spam'
  readonly holder?: 'bot' | 'agent' | 'queue'
  readonly assigneeId?: string
  readonly teamId?: string
  readonly restricted?: boolean
  readonly priority?: number
  readonly subject?: string
  readonly lastActivityAt?: Date
  readonly snoozedUntil?: Date
}

export interface MadeConversation {
  readonly id: string
  readonly inboxId: string
  readonly threadId: string
  readonly identityId: string
}

/** With its thread, a customer who takes part in it, and no message yet. */
export async function createConversation(q: Queryable, wish: ConversationWish = {}): Promise<MadeConversation> {
  const threadId = wish.threadId ?? (await createThread(q, wish.inboxId ? { inboxId: wish.inboxId } : {}))
  const thread = await q.query('select inbox_id, audience from thread where id = $1', [threadId])
  const { inbox_id: inboxId, audience } = thread.rows[0] as { inbox_id: string; audience: string }
  const identityId = wish.identityId ?? (await createIdentity(q))
  const status = wish.status ?? 'open'
  const id = await insert(q, 'conversation', {
    inbox_id: inboxId,
    thread_id: threadId,
    opener_identity_id: identityId,
    status,
    audience,
    holder: wish.holder ?? (wish.assigneeId ? 'agent' : 'queue'),
    assignee_id: wish.assigneeId,
    team_id: wish.teamId,
    restricted: wish.restricted,
    priority: wish.priority,
    subject: wish.subject,
    last_activity_at: wish.lastActivityAt ?? new Date(),
    snoozed_until: wish.snoozedUntil,
    resolved_at: status === 'resolved' ? new Date() : undefined,
  })
  await q.query('insert into participant (thread_id, identity_id) values ($1, $2) on conflict do nothing', [
    threadId,
    identityId,
  ])
  await q.query('update thread set conversation_id = $2 where id = $1', [threadId, id])
  return { id, inboxId, threadId, identityId }
}

export interface MessageWish {
  readonly direction?: 'in' | 'out' | 'note'
  readonly text?: string
  readonly externalId?: string
  readonly agentId?: string
  readonly occurredAt?: Date
}

/** The next message of a conversation, with the conversation's summary moved on as T1 and T3 would. */
export async function createMessage(
  q: Queryable,
  conversation: Pick<MadeConversation, 'id' | 'threadId' | 'identityId'>,
  wish: MessageWish = {},
): Promise<string> {
  const direction = wish.direction ?? 'in'
  const text = wish.text ?? unique('Hello')
  const { rows } = await q.query(
    `update conversation set last_seq = last_seq + 1, version = version + 1, message_count = message_count + 1,
       last_incoming_seq = case when $2 then last_seq + 1 else last_incoming_seq end, preview = left($3, 200),
       preview_direction = $4
     where id = $1 returning last_seq`,
    [conversation.id, direction === 'in', text, direction],
  )
  const ours = direction === 'in' ? undefined : wish.agentId
  return insert(q, 'message', {
    conversation_id: conversation.id,
    thread_id: conversation.threadId,
    seq: (rows[0] as { last_seq: string }).last_seq,
    direction,
    sender_type: direction === 'in' ? 'contact' : 'agent',
    sender_identity_id: direction === 'in' ? conversation.identityId : undefined,
    sender_agent_id: ours,
    text,
    external_id: wish.externalId,
    occurred_at: wish.occurredAt ?? new Date(),
  })
}
