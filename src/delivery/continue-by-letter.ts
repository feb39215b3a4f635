import type { OutboundContent, RenderedPart, ThreadRef } from '../channel/contract.ts'
import { ChannelError } from '../channel/errors.ts'
import { type Patience, waitBeforeLetter } from '../domain/continuation.ts'
import { type ContinuationWords, continuationLanguage, continuationWords } from '../domain/continuation-words.ts'
import {
  type ContinuedPlace,
  continuedPlace,
  ensureThread,
  filesOfMessages,
  type LetterTrail,
  letterTrail,
  lockThreadPair,
  markContinued,
  type UnreadReply,
  unreadFacts,
  unreadReplies,
} from '../store/continuation.ts'
import { type Queryable, transaction } from '../store/database.ts'
import { insertLetter } from '../store/delivery-letter.ts'
import { announceDelivery } from '../store/delivery-settle.ts'
import { notify } from '../store/feed-insert.ts'
import { findVisitorAddress } from '../store/visitor-address.ts'
import { newLetter, plain } from './ask-address.ts'
import { type LetterWay, letterWay } from './letter-way.ts'
import type { ReplyContext } from './reply-input.ts'

/** What is said to them and where to. */
interface Letter {
  readonly place: ContinuedPlace
  readonly way: LetterWay
  readonly address: string
  readonly replies: readonly UnreadReply[]
  readonly ref: ThreadRef
  readonly letterThreadId: string
}

/**
 * What was answered in a chat goes out by letter, too, once its customer is gone without having read it: all of it in one letter, and
 * never twice. Answers how long to wait before asking again, ms; 0: nothing is left to do.
 */
export async function continueByLetter(ctx: ReplyContext, threadId: string, patience: Patience): Promise<number> {
  for (let tries = 0; tries < 5; tries++) {
    const outcome = await attempt(ctx, threadId, patience)
    if (outcome !== 'changed') return outcome
  }
  return patience.quietMs
}

async function attempt(ctx: ReplyContext, threadId: string, patience: Patience): Promise<number | 'changed'> {
  const { pool } = ctx.db
  const known = await findVisitorAddress(pool, threadId)
  const replies = known?.address ? await unreadReplies(pool, threadId) : []
  if (!known?.address || replies.length === 0) return 0
  const wait = waitBeforeLetter(await unreadFacts(pool, threadId, replies), patience)
  if (wait > 0) return wait
  const place = await continuedPlace(pool, threadId)
  const way = place && (await letterWay(ctx, place.inboxId))
  if (!place || !way) return 0
  const ref = way.thread(threadId, known.address)
  const letterThreadId = await ensureThread(pool, way.inboxId, ref)
  const letter = { place, way, address: known.address, replies, ref, letterThreadId }
  const payload = await render(pool, letter)
  return (await transaction(ctx.db, (tx) => write(tx, letter, payload))) ? 0 : 'changed'
}

async function render(q: Queryable, letter: Letter): Promise<RenderedPart> {
  const { place, way, replies, ref } = letter
  const words = continuationWords(continuationLanguage(place.language))
  const trail = await letterTrail(q, letter.letterThreadId, place.threadId)
  const files = await filesOfMessages(
    q,
    replies.map(({ id }) => id),
  )
  const content = contentOf(letter, words, trail)
  try {
    return one(way.mail.adapter.render({ ...content, attachments: files }, way.mail.settings, ref))
  } catch (error) {
    // Too much for one mail: the words go alone.
    if (!(error instanceof ChannelError) || files.length === 0) throw error
    const text = `${content.text}\n\n${words.filesInChat}`
    return one(way.mail.adapter.render({ ...content, text }, way.mail.settings, ref))
  }
}

function one(parts: readonly RenderedPart[]): RenderedPart {
  if (!parts[0] || parts.length > 1) throw new Error('a letter is one part')
  return parts[0]
}

function contentOf(
  { place, way, address, replies }: Letter,
  words: ContinuationWords,
  { externalIds, said }: LetterTrail,
): OutboundContent {
  const title = way.title || words.nameless
  const customer = { name: place.contactName, address }
  const inReplyTo = externalIds.at(-1)
  const authorName = replies.at(-1)?.authorName ?? null
  return {
    text: [...replies.map(({ text }) => text), words.why(plain(title))].join('\n\n'),
    attachments: [],
    letter: {
      to: [customer],
      cc: [],
      bcc: [],
      subject: place.subject ?? words.subject(title),
      references: externalIds,
      ...(inReplyTo !== undefined && { inReplyTo }),
      ...(said && said.text !== '' && { quoted: { from: customer, at: said.at.toISOString(), text: said.text } }),
      ...(authorName !== null && { authorName }),
      automatic: replies.every(({ senderType }) => senderType === 'bot'),
    },
  }
}

/** False: what was rendered is no longer what is unread, or the address is another one. Nothing was written then. */
async function write(tx: Queryable, letter: Letter, payload: RenderedPart): Promise<boolean> {
  const { place, way, ref, letterThreadId } = letter
  await lockThreadPair(tx, [place.threadId, letterThreadId])
  const now = await unreadReplies(tx, place.threadId, true)
  const address = (await findVisitorAddress(tx, place.threadId))?.address
  if (address !== letter.address || idsOf(now) !== idsOf(letter.replies)) return false
  const newest = now.at(-1)!
  const at = { inboxId: way.inboxId, threadId: letterThreadId, place: ref.place ?? ref.key, replyTo: null }
  const about = { messageId: newest.id, conversationId: newest.conversationId, priority: 'person' as const }
  const deliveryId = await insertLetter(tx, { ...at, ...about }, newLetter(payload))
  await markContinued(
    tx,
    now.map(({ id }) => id),
    deliveryId,
  )
  // Their answer belongs to what they were answered in.
  await tx.query('update thread set conversation_id = $2 where id = $1', [letterThreadId, newest.conversationId])
  await announceDelivery(tx, deliveryId, 'pending')
  await notify(tx, ['feed', 'delivery'])
  return true
}

function idsOf(replies: readonly UnreadReply[]): string {
  return replies.map(({ id }) => id).join()
}
