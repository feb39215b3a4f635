import { isAscii, isUtf8 } from 'node:buffer'
import { detect } from 'chardet'

/** Spellings that TextDecoder does not know. gb18030 holds all of gbk, and what calls itself gb2312 uses all of it. */
const aliases: Readonly<Record<string, string>> = {
  gb2312: 'gb18030',
  gbk: 'gb18030',
  cp936: 'gb18030',
  'x-gbk': 'gb18030',
  cp932: 'shift_jis',
  cp949: 'euc-kr',
  uhc: 'euc-kr',
  ks_c_5601: 'euc-kr',
  cp950: 'big5',
  'tis-620': 'windows-874',
  'iso-2022-jp-ms': 'iso-2022-jp',
  cp50220: 'iso-2022-jp',
  cp50221: 'iso-2022-jp',
}
/** So few could be valid UTF-8 by chance in a text of another charset. */
const chance = 6
const sampleBytes = 64 * 1024

/** Never fails: what is declared, unless the bytes say otherwise. */
export function decodeText(bytes: Uint8Array, declared: string | undefined): string {
  const label = declared?.trim().toLowerCase() ?? ''
  const plain = isAscii(bytes) && !/^(?:utf-?16|utf-?32|ucs|iso-2022|cp5022|unicode)/.test(label)
  if (plain && !bytes.includes(0x1b))
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
  const anything = label === '' || label === 'us-ascii' || label === 'ascii'
  if (isUtf8(bytes) && !plain && (anything || highBytes(bytes) >= chance)) return decoded(bytes, 'utf-8') ?? ''
  const first = anything ? null : decoded(bytes, label)
  if (first !== null && !first.includes('\ufffd')) return first
  const guess = detect(bytes.subarray(0, sampleBytes))
  const second = guess === null ? null : decoded(bytes, guess.toLowerCase())
  const best = [first, second].filter((text) => text !== null).sort((a, b) => faults(a) - faults(b))[0]
  return best ?? decoded(bytes, 'utf-8') ?? ''
}

function decoded(bytes: Uint8Array, label: string): string | null {
  try {
    return new TextDecoder(aliases[label] ?? label).decode(bytes)
  } catch {
    return null
  }
}

const faults = (text: string) => text.split('\ufffd').length

function highBytes(bytes: Uint8Array): number {
  let count = 0
  for (const byte of bytes) {
    if (byte >= 0x80) count += 1
    if (count >= chance) break
  }
  return count
}
