import { randomBytes } from 'node:crypto'
import type { OutboundLetter, RenderedPart } from '../channel/contract.ts'
import { continuationWords } from '../domain/continuation-words.ts'
import { ensureThread, touchConversation } from '../store/continuation.ts'
import { type Queryable, transaction } from '../store/database.ts'
import { lockThread, wakeLane } from '../store/delivery.ts'
import { insertLetter } from '../store/delivery-letter.ts'
import { notify } from '../store/feed-insert.ts'
import { hashSecret, newSecret } from '../store/secret.ts'
import { cancelAsk, setPendingAddress } from '../store/visitor-address.ts'
import type { LetterWay } from './letter-way.ts'
import type { ReplyContext } from './reply-input.ts'

export interface AddressQuestion {
  readonly way: LetterWay
  /** The visitor's place; they have written there. */
  readonly threadId: string
  /** Lower case. */
  readonly address: string
  readonly language: string
  /** The address of the page of this link. */
  readonly linkOf: (token: string) => string
}

/** The link lives for so long. */
const hours = 24

/**
 * One letter that asks whether this address is theirs; nothing of the conversation is in it. It leaves by the outbox, beside what the
 * visitor said last. False: nothing was said here yet. Throws ChannelError where no letter can be sent to such an address.
 */
export async function askAddress(
  { db }: Pick<ReplyContext, 'db'>,
  { way, threadId, address, language, linkOf }: AddressQuestion,
): Promise<boolean> {
  const token = newSecret()
  const ref = way.thread(threadId, address)
  const words = continuationWords(language)
  const title = way.title || words.nameless
  const letter: OutboundLetter = {
    to: [{ name: '', address }],
    cc: [],
    bcc: [],
    subject: words.askSubject(title),
    references: [],
    automatic: true,
  }
  // The address stands in angle brackets: the only thing to press, whatever a title says.
  const text = [words.asked(plain(title), plain(address)), `<${linkOf(token)}>`, words.ignore].join('\n\n')
  const [payload] = way.mail.adapter.render({ text, attachments: [], letter }, way.mail.settings, ref)
  const letterThreadId = await ensureThread(db.pool, way.inboxId, ref)
  return transaction(db, async (tx) => {
    await lockThread(tx, letterThreadId)
    const about = await newestOf(tx, threadId)
    if (!about || !payload) return false
    const replaced = await cancelAsk(tx, threadId)
    const place = { inboxId: way.inboxId, threadId: letterThreadId, place: ref.place ?? ref.key, replyTo: null }
    const deliveryId = await insertLetter(tx, { ...place, ...about, priority: 'person' }, newLetter(payload))
    await setPendingAddress(tx, { threadId, address, tokenHash: hashSecret(token), deliveryId, hours, language })
    for (const lane of replaced) await wakeLane(tx, lane)
    await touchConversation(tx, about.conversationId)
    await notify(tx, ['delivery'])
    return true
  })
}

/** What a title or an address says must not become a link or a heading. */
export function plain(text: string): string {
  return text.replace(/[\\`*_{}[\]()<>#+!|~]/g, '\\$&')
}

/** 22 characters: some platforms take no more than 25. */
export function newLetter(payload: RenderedPart) {
  return { payload, idempotencyKey: randomBytes(16).toString('base64url') }
}

async function newestOf(
  tx: Queryable,
  threadId: string,
): Promise<{ messageId: string; conversationId: string } | null> {
  const { rows } = await tx.query(
    `select id as "messageId", conversation_id as "conversationId" from message
      where thread_id = $1 and direction = 'in' order by id desc limit 1`,
    [threadId],
  )
  return (rows[0] as { messageId: string; conversationId: string } | undefined) ?? null
}
