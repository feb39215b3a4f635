import { createHash, randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { InboundMessage, LetterAddress, OutboundFile } from '../../channel/contract.ts'
import { subjectKeyOf } from '../../channel/subject.ts'
import { askAddress } from '../../delivery/ask-address.ts'
import { letterWay } from '../../delivery/letter-way.ts'
import type { Sealed } from '../../domain/sealer.ts'
import { ticketOf } from '../../store/form-ticket.ts'
import { claimKey, releaseKey, saveAnswer } from '../../store/idempotency.ts'
import { insertProgressLink } from '../../store/progress-link.ts'
import { createVisitor } from '../../store/visitor.ts'
import type { HttpDeps } from '../deps.ts'
import { HttpError } from '../http-error.ts'
import type { ContactDoor } from './contact-door.ts'
import type { SentTicket } from './contact-page.ts'

export interface Contacted {
  readonly door: ContactDoor
  /** The same for the same form with the same words: a double click is one ticket. */
  readonly ident: string
  readonly locale: string
  readonly writer: LetterAddress
  readonly text: string
  /** In our words: what strangers write must not become the subject of a mail of ours. */
  readonly subject: string
  readonly files: readonly OutboundFile[]
  readonly form: InboundMessage['form'] | undefined
  /** Is one more ticket allowed? Asked once for each. */
  readonly admit: () => Promise<boolean>
}

const waitMs = 250
const mostWaits = 40

/** null: there were too many. One ticket for one form, however often it comes; who comes second waits for what the first made. */
export async function ticketFor(deps: HttpDeps, said: Contacted): Promise<SentTicket | null> {
  const { pool } = deps.db
  const key = { principal: 'help:contact', route: said.door.inboxId, key: said.ident }
  for (let waits = 0; waits < mostWaits; waits++) {
    const earlier = await claimKey(pool, key, Buffer.from(said.ident))
    if (earlier.kind === 'answered') {
      return JSON.parse(deps.sealer.open(earlier.response as Sealed, said.ident)) as SentTicket
    }
    if (earlier.kind === 'first') {
      try {
        if (!(await said.admit())) {
          await releaseKey(pool, key)
          return null
        }
        const ticket = await (said.door.kind === 'letters' ? byLetter(deps, said) : byVisitor(deps, said))
        await saveAnswer(pool, key, 200, deps.sealer.seal(JSON.stringify(ticket), said.ident))
        return ticket
      } catch (error) {
        await releaseKey(pool, key)
        throw error
      }
    }
    await sleep(waitMs)
  }
  throw new HttpError(409, 'inProgress', 'This form is still being worked on.', { retryAfter: 1 })
}

async function commit(deps: HttpDeps, inboxId: string, message: InboundMessage) {
  const sink = await deps.ingest.sinkFor(inboxId)
  await sink.commit({ events: [message] })
  const ticket = await ticketOf(deps.db.pool, inboxId, message.thread.key, message.externalId)
  if (!ticket)
    throw new HttpError(422, 'notStored', 'This message could not be taken. It was kept for an administrator.')
  return ticket
}

/** As if it had come by mail, but for that nobody has shown that the address is theirs. */
async function byLetter(deps: HttpDeps, said: Contacted): Promise<SentTicket> {
  const { door, ident, writer, subject, text, files, form, locale } = said
  if (door.kind !== 'letters') throw new Error('not a door of letters')
  const { adapter, settings } = door.mail
  const seed = createHash('sha256').update(`contact ${ident}`).digest('hex').slice(0, 24)
  const thread = adapter.newThread!(seed, settings)
  const { number } = await commit(deps, door.inboxId, {
    kind: 'message',
    eventId: `contact:${seed}`,
    externalId: `<contact.${seed}@${new URL(deps.publicUrl).hostname}>`,
    thread,
    sender: { ...adapter.addressee!(writer), language: locale },
    occurredAt: deps.clock(),
    text,
    subject,
    letter: {
      from: writer,
      to: [],
      cc: [],
      others: [],
      references: [],
      subjectKey: subjectKeyOf(subject),
      unconfirmed: true,
    },
    attachments: files.map(({ id, name, type, size }) => ({ name, type, size, fileId: id, ref: null })),
    raw: { form: 'help' },
    ...(form && { form }),
  })
  return { number, address: writer.address, progress: null }
}

/** A visitor of their own, and a page that shows how it goes on; by letter too, once they confirmed the address. */
async function byVisitor(deps: HttpDeps, said: Contacted): Promise<SentTicket> {
  const { door, ident, writer, text, files, form, locale } = said
  if (door.kind !== 'visitors') throw new Error('not a door of visitors')
  const { pool } = deps.db
  const { visitor } = await createVisitor(pool, door.inboxId)
  const message = door.door.message({
    visitor: { id: visitor.id },
    clientId: createHash('sha256').update(ident).digest('hex').slice(0, 32),
    text,
    attachments: files,
    at: deps.clock(),
    language: locale,
  })
  const named = writer.name === '' ? message.sender : { ...message.sender, name: writer.name }
  const ticket = await commit(deps, door.inboxId, { ...message, sender: named, ...(form && { form }) })
  await confirmAddress(deps, { inboxId: door.inboxId, threadId: ticket.threadId, address: writer.address, locale })
  return { number: ticket.number, address: null, progress: await progressPath(deps, ticket) }
}

async function progressPath(deps: HttpDeps, ticket: NonNullable<Awaited<ReturnType<typeof ticketOf>>>) {
  const { conversationId, threadId, identityId } = ticket
  const token = randomBytes(16).toString('base64url')
  const link = { conversationId, threadId, identityId, token, createdBy: 'system', now: deps.clock() }
  await insertProgressLink(deps.db.pool, link)
  return `/t/${token}`
}

interface Asked {
  readonly inboxId: string
  readonly threadId: string
  readonly address: string
  readonly locale: string
}

/** The ticket is there whatever becomes of this. */
async function confirmAddress(deps: HttpDeps, { inboxId, threadId, address, locale }: Asked): Promise<void> {
  const way = await letterWay(deps, inboxId)
  if (!way) return
  const linkOf = (token: string) => `${deps.publicUrl}/widget/confirm/${token}`
  const language = locale.split('-')[0] ?? locale
  try {
    await askAddress(deps, { way, threadId, address: address.toLowerCase(), language, linkOf })
  } catch (error) {
    deps.log.warn({ inboxId, err: (error as Error).name }, 'contact.notAsked')
  }
}
