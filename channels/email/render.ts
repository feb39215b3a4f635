import { withChoices } from '../../src/channel/choices.ts'
import type {
  LetterAddress,
  OutboundContent,
  OutboundFile,
  OutboundLetter,
  RenderedPart,
} from '../../src/channel/contract.ts'
import { codePointLength } from '../../src/channel/cut.ts'
import { ChannelError } from '../../src/channel/errors.ts'
import { toHtml } from '../../src/channel/html.ts'
import { parseMarkdown } from '../../src/channel/markdown.ts'
import { plainText } from '../../src/channel/plain-text.ts'
import { headerText, isAddress, isMessageId } from './address.ts'
import { quotedHtml, quotedText } from './quote.ts'

/** Bytes of a whole mail as it travels; what most providers take. A server that announces less is believed when sending. */
export const largestMail = 25_000_000

/** A letter ready to be composed. Plain JSON without bytes: it waits in the outbox. */
export interface MailPayload {
  readonly to: readonly LetterAddress[]
  readonly cc: readonly LetterAddress[]
  readonly bcc: readonly LetterAddress[]
  readonly subject: string
  readonly inReplyTo?: string
  readonly references: readonly string[]
  readonly text: string
  readonly html: string
  readonly automatic: boolean
  /** Before the address it comes from; absent: the inbox's own name. */
  readonly fromName?: string
  readonly files: readonly Pick<OutboundFile, 'id' | 'name' | 'type'>[]
}

const nobody: OutboundLetter = { to: [], cc: [], bcc: [], subject: '', references: [], automatic: false }

/** One letter is one part: mail has no limit of length. */
export function render(
  content: OutboundContent,
  settings: { readonly name?: string; readonly signature?: string | undefined },
): RenderedPart[] {
  const letter = content.letter ?? { ...nobody, subject: content.subject ?? '' }
  const blocks = parseMarkdown(wellFormed(withChoices(content)))
  const said = plainText(blocks)
  const signature = signatureOf(settings.signature, letter.authorName)
  const quoted = letter.quoted
  const text = [said, signature && `-- \n${plainText(parseMarkdown(signature))}`, quoted && quotedText(quoted)]
  const html = [
    toHtml(blocks),
    signature && `<div>-- ${toHtml(parseMarkdown(signature))}</div>`,
    quoted && quotedHtml(quoted),
  ]
  const payload: MailPayload = {
    ...envelopeOf(letter),
    text: `${text.filter(Boolean).join('\n\n')}\n`,
    html: `<!DOCTYPE html>\n<html><head><meta charset="utf-8"></head><body>\n${html.filter(Boolean).join('\n')}\n</body></html>\n`,
    automatic: letter.automatic,
    ...fromName(settings.name ?? '', letter),
    files: content.attachments.map(({ id, name, type }) => ({ id, name, type })),
  }
  refuseTooLarge(content, payload)
  return [{ text: said, length: codePointLength(said), fileIds: content.attachments.map((file) => file.id), payload }]
}

/** Half characters and NUL cannot travel. */
function wellFormed(text: string): string {
  return Buffer.from(text).toString().replaceAll('\0', '\ufffd')
}

function envelopeOf(letter: OutboundLetter): Omit<MailPayload, 'text' | 'html' | 'automatic' | 'fromName' | 'files'> {
  const { inReplyTo } = letter
  return {
    to: letter.to.map(recipient),
    cc: letter.cc.map(recipient),
    bcc: letter.bcc.map(recipient),
    subject: headerText(letter.subject),
    ...(inReplyTo !== undefined && isMessageId(inReplyTo) && { inReplyTo }),
    references: letter.references.filter(isMessageId),
  }
}

function recipient({ name, address }: LetterAddress): LetterAddress {
  if (isAddress(address)) return { name: headerText(name), address }
  const said = headerText(address).slice(0, 100)
  throw new ChannelError({ kind: 'rejected', reason: 'unsupported' }, `“${said}” is not a mail address.`)
}

/** A person writes, for a company: "Mei (Northstar)". What a program wrote names nobody. */
function fromName(inboxName: string, { authorName, automatic }: OutboundLetter): Pick<MailPayload, 'fromName'> {
  const [person, brand] = [headerText(authorName ?? ''), headerText(inboxName)]
  if (automatic || person === '' || person.toLowerCase() === brand.toLowerCase()) return {}
  return { fromName: brand === '' ? person : `${person} (${brand})` }
}

/** A line that asks for the name goes when nobody is named. */
function signatureOf(template: string | undefined, name: string | undefined): string {
  const shownName = headerText(name ?? '')
  return (template ?? '')
    .split('\n')
    .filter((line) => shownName !== '' || !line.includes('{name}'))
    .join('\n')
    .replaceAll('{name}', () => shownName)
    .trim()
}

/** Said to whoever writes, not found out by the server. Base64 in lines of 76 makes 78 bytes of 57. */
function refuseTooLarge({ attachments }: OutboundContent, { text, html }: MailPayload): void {
  const files = attachments.reduce((total, file) => total + Math.ceil(file.size / 57) * 78 + 500, 4_000)
  if (files + Buffer.byteLength(text) + Buffer.byteLength(html) <= largestMail) return
  const most = Math.floor((largestMail * 57) / 78 / 1_000_000)
  throw new ChannelError(
    { kind: 'rejected', reason: 'tooLarge' },
    `This is too large for one mail: the files together may have up to ${most} MB.`,
  )
}
