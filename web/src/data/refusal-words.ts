import type { TFunction } from 'i18next'
import type { InboxTestResult } from '../../../src/wire/inbox.ts'

/** Refusals that our own words say all of. */
const ours = ['empty', 'noRecipient', 'unknownFile', 'inboxGone', 'merged', 'erased'] as const
/** Those of which the channel knows more, in its own language: its sentence stands behind ours. */
const theirs = ['tooLarge', 'unsupported', 'rejected'] as const

/** Why the server did not take a message, by the code of its answer; what nobody has words for stays the server's sentence. */
export function sayRefusal(t: TFunction, code: string | undefined, said: string): string {
  const own = ours.find((one) => one === code)
  if (own) return t(`refusal.${own}`)
  const more = theirs.find((one) => one === code)
  return more ? t(`refusal.${more}`, { said }) : said
}

/** Why an inbox does not connect. */
export function sayFailure(t: TFunction, failure: InboxTestResult['failure'] | null, said: string): string {
  return failure === 'auth' || failure === 'unavailable' ? t(`health.why.${failure}`, { said }) : said
}
