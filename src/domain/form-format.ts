import { base58Bytes, isBase58Checked, isBech32Checked } from './form-checksum.ts'

export const formFormats = ['any', 'bitcoin', 'ethereum', 'tron', 'solana'] as const
export type FormFormat = (typeof formFormats)[number]

const addressTests: Readonly<Record<FormFormat, (text: string) => boolean>> = {
  bitcoin: (text) => isBech32Checked(text, 'bc') || isBase58Checked(text, [0, 5]),
  // The capitals of an Ethereum address are a checksum by Keccak, which Node does not have: the shape has to do.
  ethereum: (text) => /^0x[0-9a-f]{40}$/i.test(text),
  tron: (text) => isBase58Checked(text, [0x41]),
  solana: (text) => base58Bytes(text)?.length === 32,
  any: (text) => /^[a-z0-9][a-z0-9:._-]{5,127}$/i.test(text) && /\d/.test(text),
}

const transactionTests: Readonly<Record<FormFormat, (text: string) => boolean>> = {
  bitcoin: (text) => /^[0-9a-f]{64}$/i.test(text),
  ethereum: (text) => /^0x[0-9a-f]{64}$/i.test(text),
  tron: (text) => /^(?:0x)?[0-9a-f]{64}$/i.test(text),
  solana: (text) => base58Bytes(text)?.length === 64,
  any: (text) => /^[a-z0-9][a-z0-9:._+/=-]{15,127}$/i.test(text) && /\d/.test(text),
}

/** The bare address, without spaces; null: it is none. */
export function addressOf(text: string, format: FormFormat): string | null {
  const bare = bareOf(text, /^https?:\/\/\S+?\/(?:address|account)\/([^/?#]+)/i)
  return addressTests[format](bare) ? bare : null
}

/** The bare id, without spaces; null: it is none. */
export function transactionIdOf(text: string, format: FormFormat): string | null {
  const bare = bareOf(text, /^https?:\/\/\S+?\/(?:tx|transaction)\/([^/?#]+)/i)
  return transactionTests[format](bare) ? bare : null
}

/** Many paste what their browser shows: the page of an explorer. */
function bareOf(text: string, page: RegExp): string {
  const bare = text.replace(/\s+/g, '')
  return page.exec(bare.replace('/#/', '/'))?.[1] ?? bare
}
