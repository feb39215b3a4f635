import type { Letter } from '../../../src/channel/letter.ts'
import { automaticOf } from './automatic-mail.ts'
import { bouncesOf, isReport } from './bounce-reports.ts'
import { addresses, allOf, firstOf, type Head, identityOf, idsOf, readHead, words } from './headers.ts'
import { htmlToText } from './html-text.ts'
import { filesOf } from './mail-files.ts'
import { type Parts, partsOf, typeOf, walk } from './mail-parts.ts'
import type { ReadMail, ReadWish } from './read-mail.ts'
import { safeHtml } from './safe-html.ts'
import { verdictsOf } from './verdicts.ts'
import { visibleText } from './visible-text.ts'

/** More is only in the raw mail. Characters. */
const MAX_TEXT = 500_000
/** Of a mail that was cut off, this much is read; its text stands before its files. Bytes. */
const MAX_CUT = 4 * 1024 * 1024

export async function parseMail(raw: Uint8Array, whole: boolean, wish: ReadWish): Promise<ReadMail> {
  const head = readHead(raw)
  const parts = await partsOf(whole ? raw : raw.subarray(0, MAX_CUT))
  const charset = charsetOf(parts)
  const html = htmlOf(parts)
  const fullText = textOf(parts)
  const subject = words(firstOf(head, 'subject').slice(0, 10_000), charset)
  const [from = { name: '', address: '' }] = ['from', 'sender', 'reply-to'].flatMap((key) =>
    addresses(allOf(head, key), charset),
  )
  const bounce = bouncesOf(parts, head, fullText)
  const given = { from: from.address, subject, isReport: isReport(parts), isBounce: bounce !== null }
  const { reason, byProgram } = automaticOf(head, given)
  return {
    ...identityOf(raw, head),
    ...peopleOf(head, charset),
    from,
    subject,
    date: dateOf(firstOf(head, 'date')),
    inReplyTo: idsOf(firstOf(head, 'in-reply-to')),
    references: idsOf(allOf(head, 'references').join(' ')),
    text: visibleText(fullText, subject),
    fullText,
    html,
    ...filesOf(parts, html ?? '', whole),
    automatic: reason !== null,
    automaticReason: reason,
    byProgram,
    bounce,
    authentication: verdictsOf(allOf(head, 'authentication-results'), wish.authservId),
    protection: protectionOf(parts, fullText),
    listId: words(firstOf(head, 'list-id'), charset).slice(0, 500) || null,
  }
}

function peopleOf(head: Head, charset: string | undefined) {
  const of = (...keys: string[]) =>
    addresses(
      keys.flatMap((key) => allOf(head, key)),
      charset,
    )
  const all = of('to', 'cc', 'delivered-to', 'x-original-to', 'envelope-to')
  const recipients = [...new Set(all.map(({ address }) => address.toLowerCase()))]
  return { to: of('to'), cc: of('cc'), replyTo: of('reply-to'), recipients }
}

function charsetOf({ pieces, root }: Parts): string | undefined {
  if (pieces.length === 0) return undefined
  const text = [...walk(root)].find((part) => typeOf(part).startsWith('text/'))
  return text?.contentType.parsed.params['charset']
}

function textOf({ pieces }: Parts): string {
  const texts = pieces.map(({ plain, html }) => (plain?.trim() ? plain : html ? htmlToText(html, MAX_TEXT) : ''))
  const text = texts
    .map((one) => one.replace(/\s+$/, ''))
    .filter((one) => one !== '')
    .join('\n\n')
  return text
    .slice(0, MAX_TEXT)
    .replace(/^(?:[ \t]*\n)+/, '')
    .replace(/[\ud800-\udbff]$/, '')
}

function htmlOf({ pieces }: Parts): string | null {
  if (!pieces.some(({ html }) => html?.trim())) return null
  const escaped = (text: string) =>
    `<p style="white-space:pre-wrap">${text.replace(/&/g, '&amp;').replace(/</g, '&lt;')}</p>`
  return safeHtml(
    pieces.map(({ plain, html }) => (html?.trim() ? html : plain?.trim() ? escaped(plain) : '')).join('\n'),
  )
}

/** Clocks are wrong by years, and RFC 3339 has no more than four digits for one. */
function dateOf(value: string): string | null {
  const at = new Date(value.slice(0, 200))
  return Number.isNaN(at.getTime()) || at.getFullYear() < 1971 || at.getFullYear() > 2100 ? null : at.toISOString()
}

function protectionOf({ root }: Parts, text: string): Letter['protection'] {
  const { multipart, parsed } = root.contentType
  const protocol = (parsed.params['protocol'] ?? '').toLowerCase()
  if (multipart === 'encrypted') return 'pgpEncrypted'
  if (multipart === 'signed') return protocol.includes('pgp') ? 'pgpSigned' : 'smimeSigned'
  if (/^application\/(?:x-)?pkcs7-mime$/.test(typeOf(root)))
    return parsed.params['smime-type']?.toLowerCase() === 'signed-data' ? 'smimeSigned' : 'smimeEncrypted'
  if (/^-----BEGIN PGP MESSAGE-----/m.test(text)) return 'pgpEncrypted'
  return /^-----BEGIN PGP SIGNED MESSAGE-----/m.test(text) ? 'pgpSigned' : undefined
}
