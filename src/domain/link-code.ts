/** Letters and digits that nobody takes for another. */
const ALPHABET = 'ABCDEFGHJKMNPQRSTVWXYZ23456789'
const LETTERS = 8
/** Told apart by how they begin, so that nobody gives a customer the code meant for a colleague. */
const PREFIX = { contact: 'LINK', agent: 'STAFF' } as const

/** Whose the account becomes that writes the code: a person's we know, or a colleague's own. */
export type LinkPurpose = keyof typeof PREFIX

/** `LINK-7K3M-9QTX`; `draw(n)` answers an unguessable number below `n`. */
export function newLinkCode(purpose: LinkPurpose, draw: (below: number) => number): string {
  const letters = Array.from({ length: LETTERS }, () => ALPHABET[draw(ALPHABET.length)]).join('')
  return `${PREFIX[purpose]}-${letters.slice(0, 4)}-${letters.slice(4)}`
}

const SHAPE = new RegExp(`^(${Object.values(PREFIX).join('|')})([${ALPHABET}]{4})([${ALPHABET}]{4})$`)

/** As it was made, however it was typed; null: something else was said, or more than the code. */
export function readLinkCode(text: string): string | null {
  if (text.length > 60) return null
  const bare = text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\p{Pd}]/gu, '')
  return SHAPE.exec(bare)?.slice(1).join('-') ?? null
}
