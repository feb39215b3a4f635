import { createHash } from 'node:crypto'
import { addressParser, decodeWords } from 'postal-mime'
import type { LetterAddress } from '../../../src/channel/letter.ts'
import { decodeText } from './charset.ts'

export interface Head {
  readonly lines: readonly HeaderLine[]
  /** Where the body begins. */
  readonly bodyAt: number
}
interface HeaderLine {
  /** Lower case. */
  readonly key: string
  /** Unfolded; bytes as characters. */
  readonly value: string
}

const MAX_HEAD = 2 * 1024 * 1024
const MAX_IDS = 100
const MAX_ADDRESSES = 500
const MAX_ID = 400

export function readHead(raw: Uint8Array): Head {
  const text = Buffer.from(raw.buffer, raw.byteOffset, Math.min(raw.length, MAX_HEAD)).toString('latin1')
  const end = /^\r*\n|\n\r*\n/.exec(text)
  if (!end && raw.length > MAX_HEAD) throw new Error('its head is longer than 2 MB')
  const head = text.slice(0, end?.index ?? text.length)
  const lines = head.split(/\n(?![ \t])/).map((line) => {
    const at = line.indexOf(':')
    const value = line.slice(at + 1).replace(/[\r\n\0]+/g, '')
    return { key: line.slice(0, Math.max(at, 0)).trim().toLowerCase(), value: value.trim() }
  })
  return { lines, bodyAt: end ? end.index + end[0].length : raw.length }
}

export const allOf = ({ lines }: Head, key: string) =>
  lines.filter((line) => line.key === key).map(({ value }) => value)
export const firstOf = ({ lines }: Head, key: string) => lines.find((line) => line.key === key)?.value ?? ''

/** `charset`: of the text below, for those who write other than ASCII without saying what. */
export function words(value: string, charset: string | undefined): string {
  return clear(decodeWords(unicode(value, charset)))
}

const clear = (text: string) => text.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim()

function unicode(value: string, charset: string | undefined): string {
  return /[\u0080-\u00ff]/.test(value) ? decodeText(Buffer.from(value, 'latin1'), charset) : value
}

export function addresses(values: readonly string[], charset: string | undefined): LetterAddress[] {
  const found: LetterAddress[] = []
  for (const value of values) {
    // The parser's time grows faster than the text.
    for (const { name, address } of addressParser(unicode(value.slice(0, 64_000), charset), { flatten: true })) {
      if (found.length >= MAX_ADDRESSES) return found
      const clean = (address ?? '').replace(/[\s\u0000-\u001f\u007f<>]+/g, '')
      if (clean !== '') found.push({ name: clear(name), address: clean })
    }
  }
  return found
}

/** Ids as `<…>`, in their order, without those that come twice. */
export function idsOf(value: string): string[] {
  const inAngles = [...value.matchAll(/<([^<>]{1,1000})>/g)].map((match) => match[1] ?? '')
  const bare = inAngles.length > 0 ? inAngles : value.split(/[\s,]+/).filter((word) => /.@./.test(word))
  const ids = [...new Set(bare.map((id) => id.replace(/[\s<>]+/g, '')).filter((id) => id !== ''))].map(sized)
  return ids.length <= MAX_IDS ? ids : [...ids.slice(0, 1), ...ids.slice(1 - MAX_IDS)]
}

const sized = (id: string) => (id.length <= MAX_ID ? `<${id}>` : `<${sha256([id])}@long>`)

/** What servers write on the way; two copies of one mail differ in it. */
const trace = /^(?:received|delivered-to|return-path|envelope-to|authentication-results|received-spf|arc-.*|x-.*)$/

/** Its id and that of this very content: some programs use a Message-ID twice. */
export function identityOf(raw: Uint8Array, head: Head): { messageId: string; eventId: string } {
  const body = raw.subarray(head.bodyAt)
  const [messageId] = idsOf(firstOf(head, 'message-id'))
  if (messageId) return { messageId, eventId: `${messageId} ${sha256([body])}` }
  const lasting = head.lines.filter(({ key }) => !trace.test(key)).map(({ key, value }) => `${key}:${value}\n`)
  const hash = sha256([...lasting, body])
  return { messageId: `<${hash}@none>`, eventId: hash }
}

function sha256(of: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256')
  for (const part of of) hash.update(part)
  return hash.digest('hex')
}
