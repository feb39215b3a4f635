import { generateKeyPairSync } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import DKIM from 'nodemailer/lib/dkim'
import MailComposer from 'nodemailer/lib/mail-composer'
import type { Resolve } from '../../channels/email/sender-checks.ts'

// Made anew in every run.
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

/** What a domain that signs with our key says in its DNS. */
export const keyRecord = `v=DKIM1; k=rsa; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`

/** By name, of type TXT; `'silence'`: no answer ever comes. */
export type Zone = Readonly<Record<string, string>>

/** A DNS of text records, without a network. */
export function dnsOf(zone: Zone): { resolve: Resolve; asked: string[] } {
  const asked: string[] = []
  const resolve: Resolve = async (name, type) => {
    asked.push(name)
    const found = type === 'TXT' ? zone[name] : undefined
    if (found === 'silence') return new Promise(() => {})
    if (found === undefined) throw Object.assign(new Error(`no ${type} of ${name}`), { code: 'ENOTFOUND' })
    return [[found]]
  }
  return { resolve, asked }
}

export interface SignedWish {
  readonly from?: string
  readonly to?: string
  readonly text?: string
  /** null: nobody signs. */
  readonly domain?: string | null
  /** Headers that are not signed, with ":" between. */
  readonly skip?: string
  readonly hash?: 'sha1'
}

/** A mail from Ada, signed by her domain's server. */
export async function signedMailOf(wish: SignedWish = {}): Promise<Buffer> {
  const { from = 'Ada <ada@example.test>', to = 'support@desk.test', text = 'Where is my order?', domain } = wish
  const bytes = await new MailComposer({ from, to, subject: 'Hello', text }).compile().build()
  if (domain === null) return bytes
  const keys = { domainName: domain ?? 'example.test', keySelector: 'key', privateKey: pem }
  const { skip, hash } = wish
  const options = { ...keys, ...(skip !== undefined && { skipFields: skip }), ...(hash && { hashAlgo: hash }) }
  return buffer(new DKIM(options).sign(bytes))
}
