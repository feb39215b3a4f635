import { freePort } from '../support/app-process.ts'
import { type HeldMail, type SmtpStandIn, startSmtpStandIn } from '../support/smtp-stand-in.ts'
import { untilOpen, untilTaken } from './smtp-customer.ts'

/** An email inbox's surroundings: the relay it sends through, and the port where customers' servers find it. */
export interface MailSite {
  readonly relay: SmtpStandIn
  readonly doorPort: number
  readonly address: string
  /** Of the inbox. */
  readonly settings: unknown
}

export async function openMailSite(imap: unknown): Promise<MailSite> {
  const [relay, doorPort] = await Promise.all([startSmtpStandIn(), freePort()])
  const address = 'support@desk.test'
  const smtp = { host: '127.0.0.1', port: relay.port, security: 'none', user: 'support', password: relay.password }
  const settings = {
    address,
    receive: 'smtp',
    listen: { host: '127.0.0.1', port: doorPort },
    smtp,
    ...(imap ? { imap } : {}),
  }
  return { relay, doorPort, address, settings }
}

/** What dies before anybody could come in has nothing to lose. */
export async function doorsOpen({ inboxes }: { readonly inboxes: readonly { readonly mail: MailSite | undefined }[] }) {
  await Promise.all(inboxes.map(({ mail }) => mail && untilOpen(mail.doorPort, mail.address)))
}

/** Which delivery a letter of ours is of, as its envelope says; null: it is of none. */
export function deliveryOf({ from }: { readonly from: string }): string | null {
  return /\+b-(\d+)-/.exec(from)?.[1] ?? null
}

export function messageIdOf({ raw }: HeldMail): string {
  return /^message-id:\s*(<[^>]+>)/im.exec(raw)?.[1] ?? ''
}

/** The reply as its agent wrote it; what is quoted below it is a customer's. */
export function replyIn({ raw }: HeldMail): { readonly text: string; readonly chat: string } {
  const [text = '', chat = ''] = /\b[\w-]+ answers \d+ in (\d+)\b/.exec(raw) ?? []
  return { text, chat }
}

const patienceMs = 60_000

/** The letter comes back to us as it left, as from an archive or a list that we are on. */
export function sendEcho(site: MailSite, { raw }: HeldMail): Promise<void> {
  return untilTaken(site.doorPort, { from: 'archive@desk.test', to: site.address, raw }, { patienceMs })
}

/** The relay's report that it could not pass the letter on (RFC 3464), to the address the envelope named. */
export function sendBounce(site: MailSite, letter: HeldMail): Promise<void> {
  const [recipient = ''] = letter.to
  const raw = [
    'From: Mail Delivery System <mailer-daemon@relay.test>',
    `To: <${letter.from}>`,
    'Subject: Undelivered Mail Returned to Sender',
    `Message-ID: <bounce.${messageIdOf(letter).slice(1, -1)}.relay.test>`,
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="cut-here"',
    '',
    '--cut-here',
    'Content-Type: text/plain',
    '',
    'Your mail could not be delivered.',
    '--cut-here',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; relay.test',
    '',
    `Final-Recipient: rfc822; ${recipient}`,
    'Action: failed',
    'Status: 5.1.1',
    'Diagnostic-Code: smtp; 550 5.1.1 nobody of that name',
    '',
    '--cut-here',
    'Content-Type: text/rfc822-headers',
    '',
    `Message-ID: ${messageIdOf(letter)}`,
    '',
    '--cut-here--',
    '',
  ].join('\r\n')
  return untilTaken(site.doorPort, { from: '', to: letter.from, raw }, { patienceMs })
}
