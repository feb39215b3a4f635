import type { LetterAddress } from '../../../src/wire/letter.ts'
import type { Message } from '../../../src/wire/message.ts'

/** Who a reply goes to and under which subject, as the agent sees it before sending. */
export interface Envelope {
  to: readonly LetterAddress[]
  cc: readonly LetterAddress[]
  bcc: readonly LetterAddress[]
  subject: string
}
export const envelopeRows = ['to', 'cc', 'bcc'] as const
export type EnvelopeRow = (typeof envelopeRows)[number]

// The server has the last word; this only catches slips of the finger before anything is sent.
const address = /^[^\s@<>(),;:"\\[\]]{1,64}@[^\s@<>(),;:"\\[\]]{1,253}$/u

export function isAddress(text: string): boolean {
  return address.test(text)
}

/** "Li Wei <li@x.example>, bo@x.example; …" as typed or pasted; what is no address keeps its words, to be put right. */
export function readAddresses(text: string): LetterAddress[] {
  const found: LetterAddress[] = []
  for (const piece of text.split(/[,;，；、\n\t]+(?=(?:[^"]*"[^"]*")*[^"]*$)/)) {
    const words = piece.trim()
    const named = /^(.*?)<\s*([^<>]*?)\s*>$/s.exec(words)
    if (named) found.push({ name: (named[1] ?? '').trim().replace(/^"(.*)"$/s, '$1'), address: named[2] ?? '' })
    else if (isAddress(words) || !/\s/.test(words)) found.push({ name: '', address: words })
    else found.push(...readSpaced(words))
  }
  return found.filter((one) => one.address !== '' || one.name !== '')
}

function readSpaced(words: string): LetterAddress[] {
  const each = words.split(/\s+/)
  return each.every(isAddress) ? each.map((one) => ({ name: '', address: one })) : [{ name: '', address: words }]
}

/** Nobody twice, whatever the capitals. */
export function withAddresses(
  before: readonly LetterAddress[],
  added: readonly LetterAddress[],
): readonly LetterAddress[] {
  const known = new Set(before.map((one) => one.address.toLowerCase()))
  const fresh = added.filter((one) => {
    const key = one.address.toLowerCase()
    if (known.has(key)) return false
    known.add(key)
    return true
  })
  return [...before, ...fresh]
}

export function nameOrAddress({ name, address }: LetterAddress): string {
  return name || address
}

export function nameAndAddress({ name, address }: LetterAddress): string {
  if (!name) return address
  return address ? `${name} <${address}>` : name
}

/** Why an envelope cannot be sent. */
export function envelopeProblem({ to, cc, bcc }: Envelope): 'nobody' | 'address' | null {
  if ([...to, ...cc, ...bcc].some((one) => !isAddress(one.address))) return 'address'
  return to.length === 0 ? 'nobody' : null
}

const answerMarks =
  /^(?:\s*(?:re|aw|sv|antw|vs|ref|rif|fwd?|wg|tr|rv|vl|res|enc|回复|回覆|答复|转发|轉寄|返信|転送|답장|전달|отв|ответ|пересл)(?:\s*\[\d+\]|\s*\(\d+\))?\s*[:：])+/iu

/** Two letters of one matter have the same: without "Re:" and its cousins, whatever the capitals. */
export function subjectKey(subject: string): string {
  return subject.replace(answerMarks, '').replace(/\s+/g, ' ').trim().toLowerCase()
}

/** Messages whose subject a reader should see: the first, and each that came under another one. */
export function tellingSubjects(messages: readonly Message[]): ReadonlySet<string> {
  const told = new Set<string>()
  let current: string | null = null
  for (const { id, letter, subject } of messages) {
    if (!letter || subject === undefined) continue
    const key = subjectKey(subject)
    if (key !== current && subject.trim() !== '') told.add(id)
    current = key
  }
  return told
}

/** What the checks of our own mail server say of the sender, in one word; null: nothing worth a word. */
export function trustOf({ letter }: Pick<Message, 'letter'>): 'verified' | 'doubtful' | null {
  const dmarc = letter?.authentication?.dmarc
  if (dmarc === 'pass') return 'verified'
  return dmarc === 'fail' ? 'doubtful' : null
}

export const bounceReasons = ['noAddress', 'mailboxFull', 'tooLarge', 'refusedThere', 'unreachable'] as const
export type BounceReason = (typeof bounceReasons)[number]

/** What came back, by the enhanced status code (RFC 3463) that mail servers put into it. */
export function bounceReason(detail: string | undefined): BounceReason | null {
  const [, subject = '', rest = ''] = /(?:^|[^\d.])[245]\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)/.exec(detail ?? '') ?? []
  if (subject === '1') return 'noAddress'
  if (subject === '2') return rest === '2' ? 'mailboxFull' : rest === '3' ? 'tooLarge' : 'noAddress'
  if (subject === '3') return rest === '4' ? 'tooLarge' : 'unreachable'
  if (subject === '4') return 'unreachable'
  return subject === '7' ? 'refusedThere' : null
}
