import { isReportPart } from './bounce-reports.ts'
import { firstOf, readHead, words } from './headers.ts'
import { nameOf, type Part, type Parts, typeOf } from './mail-parts.ts'
import type { MailFile } from './read-mail.ts'

const MAX_FILES = 200
const endings: Readonly<Record<string, string>> = {
  'application/ms-tnef': 'winmail.dat',
  'application/pdf': 'file.pdf',
  'application/pgp-encrypted': 'version.txt',
  'application/pgp-signature': 'signature.asc',
  'application/pkcs7-mime': 'smime.p7m',
  'application/pkcs7-signature': 'smime.p7s',
  'application/zip': 'file.zip',
  'image/gif': 'picture.gif',
  'image/jpeg': 'picture.jpg',
  'image/png': 'picture.png',
  'image/webp': 'picture.webp',
  'message/rfc822': 'message.eml',
  'text/calendar': 'invite.ics',
  'text/csv': 'file.csv',
  'text/html': 'file.html',
  'text/plain': 'file.txt',
  'text/x-vcard': 'contact.vcf',
}

/** Its files as they are; nothing is unpacked, checked or thrown away here. */
export function filesOf({ files }: Parts, html: string, whole: boolean): { attachments: MailFile[]; omitted: number } {
  const wanted = withoutTwins(files.filter((part) => !isReportPart(part)))
  // Of a mail that was cut off nobody knows which file is whole.
  const taken = whole ? wanted.slice(0, MAX_FILES) : []
  return { attachments: taken.map((part) => fileOf(part, html)), omitted: wanted.length - taken.length }
}

function fileOf(part: Part, html: string): MailFile {
  const type = typeOf(part)
  const cid = /^[<\s]*([^<>\s\u0000-\u001f]{1,400})/.exec(part.contentId ?? '')?.[1] ?? null
  const shown = cid !== null && html.includes(`data-cid="${cid.replace(/&/g, '&amp;')}"`)
  const given = nameOf(part)
    .replace(/[\u0000-\u001f\u007f]+/g, ' ')
    .trim()
    .slice(0, 500)
  const name = given || nameOfForward(part) || (endings[type] ?? 'file')
  return { name, type, bytes: new Uint8Array(part.content ?? new ArrayBuffer(0)), inline: shown, cid }
}

function nameOfForward(part: Part): string {
  if (typeOf(part) !== 'message/rfc822' || !part.content) return ''
  const subject = words(firstOf(readHead(new Uint8Array(part.content)), 'subject').slice(0, 500), undefined)
  return subject === '' ? '' : `${subject.slice(0, 120)}.eml`
}

/** An invitation comes twice, once to be shown and once to be saved: the one with a name stays. */
function withoutTwins(parts: readonly Part[]): readonly Part[] {
  const seen = new Map<string, Part>()
  for (const part of parts) {
    const key = invitationKey(part)
    const before = key === null ? undefined : seen.get(key)
    if (key !== null && (!before || nameOf(before) === '')) seen.set(key, part)
  }
  return parts.filter((part) => {
    const key = invitationKey(part)
    return key === null || seen.get(key) === part
  })
}

function invitationKey(part: Part): string | null {
  if (!/^(?:text\/calendar|application\/ics)$/.test(typeOf(part)) || !part.content) return null
  const text = Buffer.from(part.content).toString('utf8', 0, 100_000)
  const line = (key: string) => new RegExp(`^${key}:(.{1,500})`, 'm').exec(text)?.[1]?.trim() ?? ''
  return line('UID') === '' ? null : `${line('UID')} ${line('SEQUENCE')}`
}
