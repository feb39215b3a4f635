import type { Readable } from 'node:stream'
import type { ChannelEnv, InboundEvent, OutboundFile, RemoteAttachment } from '../../src/channel/contract.ts'
import type { LetterAuthentication } from '../../src/channel/letter.ts'
import { type Arrival, eventOf, unreadableEvent } from './event-of.ts'
import { createMailReader, MailUnreadable, type ReadMail } from './reading/read-mail.ts'
import type { SenderChecks } from './sender-checks.ts'
import type { EmailSettings } from './settings.ts'

/** Beyond it a mail is no longer taken apart in memory, bytes. */
export const largestRead = 36 * 1024 * 1024
/** Of a larger one so much is looked at, bytes. */
export const headOfLarge = 1024 * 1024
const largestKept = 200 * 1024 * 1024

export interface NewMail extends Omit<Arrival, 'size'> {
  /** All of it, or the beginning of one that is `whole`. */
  readonly raw: Buffer
  /** Of one too large to be read: all of its bytes. */
  readonly whole?: Readable
  /** What we found out ourselves about who sent it. */
  readonly authentication?: SenderChecks
}

export type Taken = { readonly event: InboundEvent } | { readonly ignored: string }

export interface Intake {
  /** Reads a mail and keeps its files on the disk; what comes out may be committed. */
  take(mail: NewMail): Promise<Taken>
  close(): Promise<void>
}

export function createIntake(settings: EmailSettings, env: ChannelEnv): Intake {
  const reader = createMailReader()
  const wish = settings.authservId === undefined ? {} : { authservId: settings.authservId }
  return {
    take: async (mail) => {
      const arrival = { folder: mail.folder, receivedAt: mail.receivedAt, size: mail.raw.length }
      let read: ReadMail
      try {
        read = await reader.read(mail.raw, wish)
      } catch (error) {
        if (!(error instanceof MailUnreadable)) throw error
        env.log.warn({ folder: mail.folder, size: mail.raw.length, reason: error.message }, 'a mail could not be read')
        return keepUnreadable(settings, env, mail, arrival)
      }
      const judged = mail.authentication ? { ...read, authentication: believed(mail.authentication, read) } : read
      const event = eventOf({ settings, env }, judged, arrival)
      return 'ignored' in event ? event : { event: await withFiles(env, event, read, mail) }
    },
    close: () => reader.close(),
  }
}

/** Two readers of one line may find two writers in it: what was found out of one says nothing of the other. */
function believed({ verdicts, from }: SenderChecks, read: ReadMail): LetterAuthentication {
  const same = from === read.from.address.toLowerCase()
  return verdicts.dmarc === 'pass' && !same ? { ...verdicts, dmarc: 'permerror' } : verdicts
}

async function keepUnreadable(settings: EmailSettings, env: ChannelEnv, mail: NewMail, arrival: Arrival) {
  const event = unreadableEvent(settings.address, mail.raw, arrival)
  const file = await keepRaw(env, 'original', mail)
  return { event: { ...event, rawFileId: file.id, attachments: [attached(file, 'message/rfc822', {})] } }
}

async function withFiles(env: ChannelEnv, event: InboundEvent, read: ReadMail, mail: NewMail): Promise<InboundEvent> {
  // Of what we sent ourselves everything is here already.
  if (event.kind === 'echo' && event.deliveryId !== undefined) return event
  const original = await keepRaw(env, read.subject, mail)
  const kept = { ...event, rawFileId: original.id }
  if (kept.kind === 'receipt') return kept
  const attachments: RemoteAttachment[] = []
  // What was left out of a mail too large or too full is still in the mail itself.
  if (mail.whole || read.omitted > 0) attachments.push(attached(original, 'message/rfc822', {}))
  if (!mail.whole) for (const one of read.attachments) attachments.push(await keepAttachment(env, one))
  return attachments.length === 0 ? kept : ({ ...kept, attachments } as InboundEvent)
}

function keepRaw(env: ChannelEnv, subject: string, { raw, whole }: NewMail): Promise<OutboundFile> {
  const name = subject
    .replace(/[^\p{L}\p{N} ._-]+/gu, ' ')
    .trim()
    .slice(0, 80)
  return env.files.keep({ name: `${name || 'mail'}.eml`, bytes: whole ?? raw, maxBytes: largestKept })
}

async function keepAttachment(env: ChannelEnv, one: ReadMail['attachments'][number]): Promise<RemoteAttachment> {
  const bytes = Buffer.from(one.bytes.buffer, one.bytes.byteOffset, one.bytes.byteLength)
  const file = await env.files.keep({ name: one.name || 'attachment', bytes, maxBytes: largestKept })
  return attached({ ...file, name: one.name || file.name }, one.type, { cid: one.cid }, one.inline)
}

function attached(file: OutboundFile, type: string, ref: unknown, inline = false): RemoteAttachment {
  return { name: file.name, type, size: file.size, inline, ref, fileId: file.id }
}
