import { firstOf, type Head, idsOf, readHead } from './headers.ts'
import { type Part, type Parts, textOf, typeOf, walk } from './mail-parts.ts'
import type { BounceReport } from './read-mail.ts'

const MAX_REPORTS = 100

/** What a server says became of a mail of ours: RFC 3464, RFC 5965, and what came before there were such. */
export function bouncesOf({ root }: Parts, head: Head, text: string): BounceReport[] | null {
  const all = [...walk(root)]
  const original = originalId(all) ?? null
  const status = all.find((part) => /^message\/(?:global-)?delivery-status$/.test(typeOf(part)))
  const complaint = all.find((part) => typeOf(part) === 'message/feedback-report')
  const found = status ? statusReports(status, original) : complaint ? [complaintOf(complaint, original)] : []
  const reports = found.length > 0 ? found : oldBounce(head, text, original)
  return reports.length > 0 ? reports.slice(0, MAX_REPORTS) : null
}

export const isReport = ({ root }: Parts) => root.contentType.multipart === 'report'

/** The parts of a report that only programs read. */
export const isReportPart = (part: Part) =>
  /^(?:message\/(?:(?:global-)?delivery-status|feedback-report|disposition-notification)|text\/rfc822-headers)$/.test(
    typeOf(part),
  )

function statusReports(part: Part, original: string | null): BounceReport[] {
  const [whole, ...recipients] = groupsOf(part)
  // Some servers write no group for the mail as a whole.
  const groups = whole && firstOf(whole, 'final-recipient') !== '' ? [whole, ...recipients] : recipients
  const envelopeId = (whole && firstOf(whole, 'original-envelope-id')) || null
  return groups
    .filter((group) => firstOf(group, 'action') !== '' || firstOf(group, 'status') !== '')
    .map((group) => ({
      action: actionOf(firstOf(group, 'action'), firstOf(group, 'status')),
      recipient: typed(firstOf(group, 'final-recipient') || firstOf(group, 'original-recipient')).toLowerCase(),
      status: /\d\.\d{1,3}\.\d{1,3}/.exec(firstOf(group, 'status'))?.[0] ?? '',
      diagnostic: typed(firstOf(group, 'diagnostic-code')).slice(0, 1_000),
      envelopeId,
      originalMessageId: original,
    }))
}

function actionOf(action: string, status: string): BounceReport['action'] {
  const word = /^\w+/.exec(action.toLowerCase())?.[0] ?? ''
  if (word === 'failed' || word === 'delayed' || word === 'delivered') return word
  if (word !== '') return 'other'
  return status.startsWith('5') ? 'failed' : status.startsWith('4') ? 'delayed' : 'other'
}

function complaintOf(part: Part, original: string | null): BounceReport {
  const fields = readHead(Buffer.from(textOf(part).trim()))
  return {
    action: 'other',
    recipient: typed(firstOf(fields, 'original-rcpt-to')).replace(/[<>]/g, '').toLowerCase(),
    status: '',
    diagnostic: firstOf(fields, 'feedback-type').slice(0, 1_000) || 'complaint',
    envelopeId: firstOf(fields, 'original-envelope-id') || null,
    originalMessageId: original,
  }
}

/** Exim and Gmail name who failed in a header, qmail in its text; the mail that failed follows in the text. */
function oldBounce(head: Head, text: string, original: string | null): BounceReport[] {
  const named = firstOf(head, 'x-failed-recipients').split(',')
  const qmail = /^Hi\. This is the .{0,40}qmail/m.test(text.slice(0, 2_000))
    ? [...text.matchAll(/^<([^<>\s]+@[^<>\s]+)>:$/gm)]
    : []
  const failed = [...named, ...qmail.map((match) => match[1] ?? '')]
    .map((one) => one.trim().toLowerCase())
    .filter(Boolean)
  const inText = idsOf(/^message-id:[ \t]*(<[^<>\n]{1,1000}>)/im.exec(text)?.[1] ?? '')[0]
  return failed.map((recipient) => ({
    action: 'failed',
    recipient,
    status: /\b5\.\d{1,3}\.\d{1,3}\b/.exec(text)?.[0] ?? '',
    diagnostic: '',
    envelopeId: null,
    originalMessageId: original ?? inText ?? null,
  }))
}

function groupsOf(part: Part): Head[] {
  const groups = textOf(part)
    .trim()
    .split(/\n[ \t]*\n+/)
  return groups.slice(0, MAX_REPORTS + 1).map((group) => readHead(Buffer.from(group)))
}

function originalId(all: readonly Part[]): string | undefined {
  const returned = all.find((part) =>
    /^(?:message\/(?:global|rfc822)|text\/rfc822-headers|message\/global-headers)$/.test(typeOf(part)),
  )
  if (!returned?.content) return undefined
  return idsOf(firstOf(readHead(new Uint8Array(returned.content)), 'message-id'))[0]
}

/** Without the sort of address or code before it: "rfc822; a@b". */
const typed = (value: string) => value.replace(/^[\w-]+\s*;\s*/, '').trim()
