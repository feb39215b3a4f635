import { timingSafeEqual } from 'node:crypto'
import type { ChannelEnv, LetterAddress, ThreadKey } from '../../src/channel/contract.ts'

export type Signer = Pick<ChannelEnv, 'sign'>

// RFC 5321 4.5.3.1.1: a local part has at most 64 octets.
const longestLocalPart = 64
// So that one of our addresses of 24 characters with a thread key of 24 still fits.
const threadMacDigits = 12
const bounceMacDigits = 16
const messageMacLength = 10

/** Names a thread in an address: lower-case letters and digits only, because mail servers change the case of local parts. */
export function tokenFor(env: Signer, threadKey: ThreadKey): string {
  const named = /^[a-z0-9]+$/.test(threadKey) ? `k${threadKey}` : `x${Buffer.from(threadKey).toString('hex')}`
  return named + hexMac(env, `mail thread ${threadKey}`, threadMacDigits)
}

export function threadKeyOfToken(env: Signer, token: string): ThreadKey | null {
  const [, kind, named = '', mac = ''] = /^([kx])([0-9a-z]+)([0-9a-f]{12})$/.exec(token.toLowerCase()) ?? []
  if (kind === undefined) return null
  const threadKey = kind === 'k' ? named : Buffer.from(named, 'hex').toString()
  return same(mac, hexMac(env, `mail thread ${threadKey}`, threadMacDigits)) ? threadKey : null
}

/** Where the answer to a letter of this thread should go; our plain address where the token would not fit. */
export function replyAddress(env: Signer, ownAddress: string, threadKey: ThreadKey): string {
  return withTag(ownAddress, `t-${tokenFor(env, threadKey)}`)
}

/** The token in an address made by `replyAddress`, not verified. */
export function tokenInAddress(address: string): string | null {
  return /\+t-([0-9a-z]+)@/i.exec(address)?.[1]?.toLowerCase() ?? null
}

/** The envelope's sender: a bounce comes back to it and so names the delivery, whatever else it forgets. */
export function returnAddress(env: Signer, ownAddress: string, deliveryId: string): string {
  return withTag(ownAddress, `b-${deliveryId}-${hexMac(env, `mail bounce ${deliveryId}`, bounceMacDigits)}`)
}

export function deliveryIdOfReturn(env: Signer, address: string): string | null {
  const [, deliveryId, mac = ''] = /\+b-(\d{1,19})-([0-9a-f]{16})@/.exec(address.toLowerCase()) ?? []
  if (deliveryId === undefined) return null
  return same(mac, hexMac(env, `mail bounce ${deliveryId}`, bounceMacDigits)) ? deliveryId : null
}

/** The same for every attempt of a delivery; recognised as ours even after the delivery's row is gone. */
export function messageIdFor(env: Signer, deliveryId: string, domain: string): string {
  return `<d.${deliveryId}.${messageMac(env, deliveryId)}@${domain}>`
}

export function deliveryIdOfMessageId(env: Signer, messageId: string): string | null {
  const [, deliveryId, mac = ''] = /^<d\.(\d{1,19})\.([\w-]{10})@[^@<>\s]+>$/.exec(messageId) ?? []
  if (deliveryId === undefined) return null
  return same(mac, messageMac(env, deliveryId)) ? deliveryId : null
}

export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1)
}

/** One line without controls: a name, a subject or a file name may come from anybody and ends up in a header. */
export function headerText(text: string): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .trim()
}

/** A header and an SMTP command are made of it: no spaces, controls, brackets or second addresses. */
export function isAddress(address: string): boolean {
  return address.length <= 254 && /^[^\s\p{Cc}<>()[\]\\,;:"@]{1,64}@[^\s\p{Cc}<>()[\]\\,;:"@]+$/u.test(address)
}

export function isMessageId(id: string): boolean {
  return /^<[!-;=?-~]{1,500}>$/.test(id)
}

export function shown({ name, address }: LetterAddress): string {
  const plain = headerText(name)
  return plain === '' || plain === address ? address : `${plain} <${address}>`
}

function withTag(ownAddress: string, tag: string): string {
  const local = `${ownAddress.slice(0, ownAddress.lastIndexOf('@'))}+${tag}`
  return local.length > longestLocalPart ? ownAddress : `${local}@${domainOf(ownAddress)}`
}

function hexMac(env: Signer, data: string, digits: number): string {
  return Buffer.from(env.sign(data), 'base64url').toString('hex').slice(0, digits)
}

function messageMac(env: Signer, deliveryId: string): string {
  return env.sign(`mail message ${deliveryId}`).slice(0, messageMacLength)
}

function same(claimed: string, right: string): boolean {
  const [one, other] = [Buffer.from(claimed), Buffer.from(right)]
  return one.length === other.length && timingSafeEqual(one, other)
}
