import type { Sender, ThreadRef } from '../channel/contract.ts'
import { addParticipants } from './applied.ts'
import { insertConversations } from './conversation.ts'
import { type Database, type Queryable, transaction } from './database.ts'
import { insertFeed, notify } from './feed-insert.ts'
import { resolveIdentities } from './identity.ts'
import { inboxFacts } from './inbound.ts'
import { drawIds } from './message.ts'
import { lockThreads, pointThreads } from './thread.ts'

export interface FirstWord {
  readonly inboxId: string
  readonly thread: ThreadRef
  /** Whom it is for; the first of them is its contact. */
  readonly addressees: readonly Sender[]
  readonly subject: string | null
  /** Who writes has the case: the answer must not fall to nobody. null: a token of the installation, a program. */
  readonly agentId: string | null
  /** 'resolved': only said, nobody's work until it is answered. */
  readonly status: 'open' | 'resolved'
  readonly now: Date
}

/** A conversation that we begin, still without a word. The same thread again is the same conversation. null: the inbox is gone. */
export function openConversation(db: Database, first: FirstWord): Promise<string | null> {
  return transaction(db, (tx) => open(tx, first))
}

async function open(tx: Queryable, first: FirstWord): Promise<string | null> {
  const { inboxId, thread, addressees, subject, agentId, status, now } = first
  const inbox = await inboxFacts(tx, inboxId)
  if (!inbox) return null
  const place = (await lockThreads(tx, inboxId, [thread])).get(thread.key)!
  if (place.conversationId !== null) return place.conversationId
  const people = await resolveIdentities(tx, inbox.channel, addressees)
  const identities = addressees.flatMap(({ key }) => people.get(key)?.id ?? [])
  const drawn = await drawIds(tx, 0, 1)
  const [id = '', number = ''] = [drawn.conversations[0], drawn.numbers[0]]
  await insertConversations(tx, [
    {
      id,
      number,
      inboxId,
      threadId: place.id,
      openerIdentityId: identities[0] ?? null,
      audience: thread.audience,
      restricted: inbox.restricted,
      status,
      holder: 'queue',
      assigneeId: null,
      teamId: inbox.teamId,
      tags: [],
      preview: '',
      previewDirection: 'out',
      version: 1n,
      lastSeq: 0n,
      lastIncomingSeq: 0n,
      messageCount: 0n,
      lastActivityAt: now,
      waitingSince: null,
      resolvedAt: status === 'resolved' ? now : null,
      subject,
      claimsConversationId: null,
      routedAt: null,
    },
  ])
  await pointThreads(tx, [{ threadId: place.id, conversationId: id }])
  if (agentId !== null) await assignTo(tx, id, agentId)
  await addParticipants(tx, place.id, identities)
  await insertFeed(tx, [{ kind: 'conversation.created', inboxId, conversationId: id, version: '1' }])
  await notify(tx, ['feed'])
  return id
}

async function assignTo(tx: Queryable, conversationId: string, agentId: string): Promise<void> {
  await tx.query(`update conversation set assignee_id = $2, holder = 'agent', routed_at = now() where id = $1`, [
    conversationId,
    agentId,
  ])
  await tx.query(
    `insert into assignment (conversation_id, agent_id, team_id, assigned_by, why)
      select id, assignee_id, team_id, 'agent:' || assignee_id, 'wroteFirst' from conversation where id = $1`,
    [conversationId],
  )
}
