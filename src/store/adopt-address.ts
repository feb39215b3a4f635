import type { Sender } from '../channel/contract.ts'
import { addParticipants, insertActivities } from './applied.ts'
import { lockThreadPair, touchConversation } from './continuation.ts'
import { lockConversations } from './conversation.ts'
import { type Database, type Queryable, transaction } from './database.ts'
import { type IdentityRow, resolveIdentities } from './identity.ts'
import { enqueueJobs } from './job.ts'
import { setConfirmedAddress, takePendingAddress } from './visitor-address.ts'

export interface Adoption {
  /** The visitor's place, and the thread of letters that goes on with it. */
  readonly threadId: string
  readonly letterThreadId: string
  /** Of the letters. */
  readonly channel: string
  readonly person: Sender
  readonly address: string
  readonly verifiedBy: string
  /** The link that says so; null: somebody else vouches for it. */
  readonly tokenHash: Buffer | null
}

/**
 * From now on this address is the visitor's: one person, one conversation, two ways to it. False: the link was used already.
 * Locks in the order of T1: threads, identities, contacts, conversation.
 */
export function adoptAddress(db: Database, adoption: Adoption): Promise<boolean> {
  return transaction(db, async (tx) => {
    const { threadId, letterThreadId, address, verifiedBy, tokenHash } = adoption
    const threads = await lockThreadPair(tx, [threadId, letterThreadId])
    if (tokenHash !== null && !(await takePendingAddress(tx, tokenHash))) return false
    await setConfirmedAddress(tx, { threadId, address, verifiedBy })
    const person = await onePerson(tx, adoption)
    await addParticipants(tx, letterThreadId, [person.id])
    const conversationId = threads.get(threadId)?.conversationId ?? null
    await tx.query('update thread set continues_id = $2, continued_to = $3, conversation_id = $4 where id = $1', [
      letterThreadId,
      threadId,
      address,
      conversationId,
    ])
    if (conversationId !== null) await tellAgents(tx, conversationId, adoption)
    // What was answered before they said where to must not stay unread.
    await enqueueJobs(tx, [{ kind: 'continue', payload: { threadId } }])
    return true
  })
}

/** The account of the letters and that of the chat belong to one contact, whoever of the two was known first. */
async function onePerson(tx: Queryable, { threadId, channel, person, verifiedBy, address }: Adoption) {
  const identities = await resolveIdentities(tx, channel, [
    { ...person, verifiedBy, email: { address, verified: true } },
  ])
  const writer = identities.get(person.key) as IdentityRow
  const wrote = await tx.query('select from participant where identity_id = $1 limit 1', [writer.id])
  const { rows } = await tx.query(
    `select n.id, n.contact_id as "contactId",
        (select count(*)::int from identity o where o.contact_id = n.contact_id) as accounts
      from participant p join identity n on n.id = p.identity_id
      where p.thread_id = $1 and n.agent_id is null order by n.id for update of n`,
    [threadId],
  )
  for (const visitor of rows as { id: string; contactId: string; accounts: number }[]) {
    await tx.query(
      `update identity set verified_by = coalesce(verified_by, $2), profile = profile || jsonb_build_object('email', $3::jsonb)
        where id = $1`,
      [visitor.id, verifiedBy, JSON.stringify({ address, verified: true })],
    )
    if (visitor.contactId === writer.contactId) continue
    // Who was only ever this visitor joins the person agents know from letters; else the address joins who gave it.
    const known = wrote.rowCount !== 0 && visitor.accounts === 1
    const [moved, to] = known ? [visitor.id, writer.contactId] : [writer.id, visitor.contactId]
    await tx.query('update identity set contact_id = $2 where id = $1', [moved, to])
  }
  return writer
}

async function tellAgents(tx: Queryable, conversationId: string, { verifiedBy }: Adoption): Promise<void> {
  const row = (await lockConversations(tx, [conversationId])).get(conversationId)
  const version = await touchConversation(tx, conversationId)
  const said = { kind: 'addressConfirmed', actor: 'contact', data: { verifiedBy } }
  await insertActivities(tx, [{ conversationId, version, afterSeq: row?.lastSeq ?? 0n, ...said }])
}
