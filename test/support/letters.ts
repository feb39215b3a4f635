import type { InboundMessage, Letter, LetterAddress } from '../../src/channel/contract.ts'
import { subjectKeyOf } from '../../src/channel/subject.ts'
import { said } from './events.ts'

export const us: LetterAddress = { name: 'Support', address: 'support@northstar.example' }

export type LetterWish = Partial<InboundMessage> & {
  readonly from?: LetterAddress
  readonly envelope?: Partial<Letter>
}

/** A letter of a customer as a mail adapter would hand it over: a thread of its own unless its joins find another. */
export function letterOf(text: string, wish: LetterWish = {}): InboundMessage {
  const { from = { name: 'Li Wei', address: 'li@customer.example' }, envelope, ...rest } = wish
  const subject = wish.subject ?? 'Deposit'
  const event = said(text, { subject, sender: { key: from.address, name: from.name }, ...rest })
  const letter: Letter = {
    from,
    to: [us],
    cc: [],
    others: [],
    references: [],
    subjectKey: subjectKeyOf(subject),
    ...envelope,
  }
  const thread = wish.thread ?? { key: event.externalId, kind: 'mail', audience: 'private', place: 'mailbox' }
  return { ...event, thread, letter }
}
