import type { SendFault } from './channel-subject.ts'
import type { SmtpFault, SmtpStandIn, SmtpStep } from './smtp-stand-in.ts'

// What the contract suite needs of mail, whichever way it comes in.

export const ours = 'support@desk.test'
export const customer = 'ada@example.test'

const faults: readonly [name: string, SmtpStep, SmtpFault, SendFault['means']][] = [
  ['a greeting that never comes', 'greeting', { do: 'nothing' }, 'unavailable'],
  ['a connection dropped before the letter', 'data', { do: 'drop' }, 'unavailable'],
  ['greylisting', 'rcpt', { say: '451 4.7.1 come back later' }, 'unavailable'],
  ['an unknown recipient', 'rcpt', { say: '550 5.1.1 nobody of that name' }, 'rejected'],
  ['a policy', 'dot', { say: '554 5.7.1 refused' }, 'rejected'],
  ['a full disk', 'dot', { say: '452 4.3.1 disk full' }, 'unavailable'],
  ['a sign-in that is refused', 'auth', { say: '535 5.7.8 no' }, 'auth'],
  ['no answer, and not taken', 'dot', { do: 'nothing' }, 'uncertain'],
  ['no answer, but taken', 'dot', { do: 'nothing', accept: true }, 'uncertain'],
  ['a connection dropped after the letter', 'dot', { do: 'drop', accept: true }, 'uncertain'],
]

export function sendFaultsOf(platform: SmtpStandIn): SendFault[] {
  return faults.map(([name, step, fault, means]) => ({
    name,
    means,
    effect: fault.accept === true,
    arm: () => platform.arm(step, fault),
  }))
}

interface Plain {
  readonly from: string
  readonly to?: string
  readonly text: string
  readonly messageId: string
}

export function plainMail({ from, to = ours, text, messageId }: Plain): string {
  const headers = [`From: <${from}>`, `To: <${to}>`, 'Subject: A question', `Message-ID: ${messageId}`]
  return [...headers, 'MIME-Version: 1.0', 'Content-Type: text/plain; charset=utf-8', '', text, ''].join('\r\n')
}

/** What a reader sees of a letter of ours: letters of the suite are plain enough not to be encoded. */
export function plainPart(raw: string): string {
  return /content-type: text\/plain[\s\S]*?\r\n\r\n([\s\S]*?)\r\n(?:--|$)/i.exec(raw)?.[1]?.trim() ?? raw
}

export const nonsense: readonly (string | Buffer)[] = [
  '\r\n',
  'no header at all\r\n',
  'From: \r\nTo: \r\nMessage-ID: \r\nDate: yesterday\r\n\r\n',
  `From: ${'<'.repeat(2_000)}\r\n\r\nx\r\n`,
  `Subject: ${'=?utf-8?B?'.repeat(500)}\r\n\r\nx\r\n`,
  'Content-Type: multipart/mixed; boundary=""\r\n\r\n--\r\n----\r\n',
  'Content-Type: multipart/mixed; boundary=a\r\nContent-Type: text/html\r\n\r\n--a\r\n\r\n',
  'Content-Type: text/plain; charset=no-such-set\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!\r\n',
  'Content-Type: message/delivery-status\r\n\r\nAction: failed\r\nFinal-Recipient: ;;;\r\n',
  Buffer.from('From: ada@example.test\r\nSubject: \xff\xfe\0\r\n\r\n\0\0\xff half \ud800\r\n', 'latin1'),
]
