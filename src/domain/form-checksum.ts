import { createHash } from 'node:crypto'

const base58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const bech32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'

/** null: it is no base58, or longer than anything that is asked for. */
export function base58Bytes(text: string): Uint8Array | null {
  if (text === '' || text.length > 120) return null
  let number = 0n
  for (const sign of text) {
    const digit = base58.indexOf(sign)
    if (digit < 0) return null
    number = number * 58n + BigInt(digit)
  }
  const zeros = text.length - text.replace(/^1+/, '').length
  const hex = number === 0n ? '' : number.toString(16)
  const bytes = Buffer.from(hex.length % 2 === 1 ? `0${hex}` : hex, 'hex')
  return Buffer.concat([Buffer.alloc(zeros), bytes])
}

/** 20 bytes behind one of these versions, with the checksum that Bitcoin and its kin use. */
export function isBase58Checked(text: string, versions: readonly number[]): boolean {
  const bytes = base58Bytes(text)
  if (bytes?.length !== 25 || !versions.includes(bytes[0] ?? -1)) return false
  return twice(bytes.subarray(0, 21)).subarray(0, 4).equals(bytes.subarray(21))
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()
const twice = (bytes: Uint8Array) => sha256(sha256(bytes))

/** BIP 173 and BIP 350. */
export function isBech32Checked(text: string, prefix: string): boolean {
  const lower = text.toLowerCase()
  if (text !== lower && text !== text.toUpperCase()) return false
  if (!lower.startsWith(`${prefix}1`) || lower.length < 14 || lower.length > 90) return false
  const data = [...lower.slice(prefix.length + 1)].map((sign) => bech32.indexOf(sign))
  if (data.includes(-1)) return false
  const codes = [...prefix].map((sign) => sign.charCodeAt(0))
  const rest = polymod([...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31), ...data])
  return rest === (data[0] === 0 ? 1 : 0x2bc830a3)
}

function polymod(values: readonly number[]): number {
  const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3]
  let check = 1
  for (const value of values) {
    const top = check >>> 25
    check = ((check & 0x1ffffff) << 5) ^ value
    for (const [bit, generator] of generators.entries()) if ((top >>> bit) & 1) check ^= generator
  }
  return check >>> 0
}
