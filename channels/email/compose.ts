import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { ChannelEnv, FileAccess, SendRequest } from '../../src/channel/contract.ts'
import { ChannelError } from '../../src/channel/errors.ts'
import { domainOf, headerText, isAddress, messageIdFor, replyAddress, returnAddress } from './address.ts'
import { largestMail, type MailPayload } from './render.ts'
import type { EmailSettings } from './settings.ts'

export interface Composed {
  readonly messageId: string
  readonly bytes: Buffer
  /** The envelope: whom the server is told, whatever the headers show. */
  readonly from: string
  readonly to: readonly string[]
}

export interface Author {
  readonly settings: EmailSettings
  readonly env: Pick<ChannelEnv, 'sign' | 'clock'>
}

type Letter = Pick<SendRequest, 'deliveryId' | 'thread' | 'part' | 'files'>

/** The same but for the Date at every attempt. `keepBcc`: for our own copy, never for the letter that leaves. */
export async function compose(request: Letter, author: Author, wish: { keepBcc: boolean }): Promise<Composed> {
  const payload = request.part.payload as MailPayload
  const { settings, env } = author
  const messageId = messageIdFor(env, request.deliveryId, domainOf(settings.address))
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer')
  const node = new MailComposer({
    ...headersOf(request, author, messageId),
    text: payload.text,
    html: payload.html,
    attachments: payload.files.map((file) => attachment(file, request.files)),
    newline: 'win',
    disableUrlAccess: true,
    disableFileAccess: true,
    // Unforeseeable: whoever knew it could write a part of the mail into what is quoted.
    baseBoundary: env.sign(`mail boundary ${request.deliveryId}`).slice(0, 24),
  }).compile()
  node.keepBcc = wish.keepBcc
  const bytes = await signed(await node.build(), settings)
  if (bytes.length > largestMail) {
    throw new ChannelError({ kind: 'rejected', reason: 'tooLarge' }, 'The mail is too large with its files.')
  }
  const to = [...payload.to, ...payload.cc, ...payload.bcc].map(({ address }) => address)
  const { address, plusAddresses } = settings
  const from = plusAddresses ? returnAddress(env, address, request.deliveryId) : address
  return { messageId, bytes, from, to: [...new Set(to)] }
}

function headersOf(request: Letter, { settings, env }: Author, messageId: string) {
  const payload = request.part.payload as MailPayload
  const named = [...payload.to, ...payload.cc, ...payload.bcc]
  if (!named.every(({ address }) => isAddress(address))) {
    throw new ChannelError({ kind: 'rejected', reason: 'other' }, 'One of the addresses is not a mail address.')
  }
  const { name, address } = settings
  return {
    messageId,
    date: env.clock(),
    from: { name: payload.fromName ?? headerText(name), address },
    to: [...payload.to],
    cc: [...payload.cc],
    bcc: [...payload.bcc],
    ...(settings.plusAddresses && {
      replyTo: { name: headerText(name), address: replyAddress(env, address, request.thread.key) },
    }),
    subject: headerText(payload.subject),
    ...(payload.inReplyTo !== undefined && { inReplyTo: payload.inReplyTo }),
    ...(payload.references.length > 0 && { references: [...payload.references] }),
    headers: {
      'List-ID': `<${address.replace('@', '.')}>`,
      'X-Loop': address,
      ...(payload.automatic && { 'Auto-Submitted': 'auto-replied', 'X-Auto-Response-Suppress': 'All' }),
    },
  }
}

/** Opened when it is its turn to be read, not before. */
function attachment(file: MailPayload['files'][number], files: FileAccess) {
  async function* bytes(): AsyncGenerator<Buffer> {
    yield* (await files.open(file.id)).stream as AsyncIterable<Buffer>
  }
  const filename = headerText(file.name).slice(0, 200) || 'file'
  // A part of type multipart or message would not be encoded and so be read as our own structure.
  const plain = /^(?!multipart\/|message\/)[a-z]+\/[\w.+-]{1,100}$/i.test(file.type)
  return {
    filename,
    contentType: plain ? file.type : 'application/octet-stream',
    contentDisposition: 'attachment',
    content: Readable.from(bytes(), { objectMode: false }),
  }
}

async function signed(bytes: Buffer, { dkim }: EmailSettings): Promise<Buffer> {
  if (!dkim) return bytes
  const { default: DKIM } = await import('nodemailer/lib/dkim')
  const signer = new DKIM({ domainName: dkim.domain, keySelector: dkim.selector, privateKey: dkim.privateKey })
  const whole = await buffer(signer.sign(bytes)).catch(() => bytes)
  // With a key it cannot use the signer leaves the mail as it is.
  if (whole.length > bytes.length) return whole
  throw new ChannelError({ kind: 'unavailable' }, 'The mail could not be signed: please check the DKIM key.')
}
