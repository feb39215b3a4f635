import type { ChannelEnv, Join, Letter, LetterAddress } from '../../src/channel/contract.ts'
import { subjectKeyOf } from '../../src/channel/subject.ts'
import { deliveryIdOfMessageId, threadKeyOfToken, tokenInAddress } from './address.ts'
import type { ReadMail } from './reading/read-mail.ts'

const weekMs = 7 * 24 * 60 * 60_000
// A mail that names hundreds is a machine's; the nearest ones decide.
const mostReferences = 20
const longestId = 512

interface Claims {
  readonly env: Pick<ChannelEnv, 'sign'>
  readonly subjectJoins: boolean
}

/** Also with something of ours behind a "+". */
export function isOwn(address: string, own: string): boolean {
  const [given, ours] = [address.toLowerCase(), own.toLowerCase()]
  if (given === ours) return true
  const at = ours.lastIndexOf('@')
  return given.endsWith(ours.slice(at)) && given.startsWith(`${ours.slice(0, at)}+`)
}

export function letterOf(mail: ReadMail, own: string): Letter {
  const others = [...mail.to, ...mail.cc].filter(
    ({ address }) => address !== '' && !isOwn(address, own) && !same(address, mail.from.address),
  )
  const replyTo = mail.replyTo.filter(({ address }) => !same(address, mail.from.address))
  return {
    from: mail.from,
    to: mail.to.map((one) => withoutToken(one, own)),
    cc: mail.cc.map((one) => withoutToken(one, own)),
    ...(replyTo.length > 0 && { replyTo }),
    others: [...new Map(others.map((one) => [one.address.toLowerCase(), one])).values()],
    ...(mail.date !== null && { date: mail.date }),
    references: referencesOf(mail).slice(-mostReferences),
    subjectKey: subjectKeyOf(mail.subject),
    ...(mail.authentication && { authentication: mail.authentication }),
    ...(mail.protection && { protection: mail.protection }),
  }
}

/** What only machines read is not shown; it stands in the original. */
function withoutToken(one: LetterAddress, own: string): LetterAddress {
  return isOwn(one.address, own) && tokenInAddress(one.address) !== null ? { ...one, address: own } : one
}

/** Oldest first, what it answers last. */
function referencesOf({ references, inReplyTo }: ReadMail): string[] {
  const all = [...references, ...inReplyTo].filter((id) => id.length <= longestId)
  // Of a repeated id the last place counts.
  return [...new Set(all.reverse())].reverse()
}

/** Where it says it belongs, best claim first; the core believes none of them without the sender taking part there. */
export function joinsOf(mail: ReadMail, own: string, { env, subjectJoins }: Claims) {
  const joins: Join[] = []
  for (const address of mail.recipients) {
    const token = isOwn(address, own) ? tokenInAddress(address) : null
    const threadKey = token === null ? null : threadKeyOfToken(env, token)
    if (threadKey !== null) joins.push({ by: 'token', threadKey })
  }
  const ids = referencesOf(mail).reverse()
  const foreign: Join[] = []
  for (const externalId of ids) {
    const deliveryId = deliveryIdOfMessageId(env, externalId)
    if (deliveryId === null) foreign.push({ by: 'reference', externalId })
    else joins.push({ by: 'delivery', deliveryId })
  }
  joins.push(...foreign)
  const subjectKey = subjectKeyOf(mail.subject)
  if (subjectJoins && ids.length === 0 && subjectKey !== '') joins.push({ by: 'subject', subjectKey, withinMs: weekMs })
  return joins.slice(0, mostReferences)
}

/** Whom it is from, as its headers say. A form on the operator's own site writes as us and names the customer for answers. */
export function writerOf(mail: ReadMail, own: string): LetterAddress {
  if (!isOwn(mail.from.address, own)) return mail.from
  return mail.replyTo.find(({ address }) => address !== '' && !isOwn(address, own)) ?? mail.from
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}
