import { type GraveReason, graveWords } from './grave-words.ts'
import { type PersonReason, personWords } from './person-words.ts'

/**
 * Why a person must read it: they ask for one, or it is nothing for a program. Rules, not a machine: what they do must be
 * foreseen. Rather one too many handed over than one of these answered by a program.
 */
export type HandOverReason = GraveReason | PersonReason

/** Characters that are looked at; a letter says it in its first lines. */
const enough = 4_000

const patterns = Object.entries({ ...graveWords, ...personWords }).map(
  ([reason, list]) => [reason as HandOverReason, new RegExp(list.join('|'), 'u')] as const,
)

export function handOverReason(text: string): HandOverReason | null {
  const looked = text.slice(0, enough)
  const plain = looked.normalize('NFKC').toLowerCase().replaceAll('’', "'").replace(/\s+/g, ' ')
  const found = patterns.find(([, pattern]) => pattern.test(plain))
  if (found) return found[0]
  return isShouted(looked) ? 'anger' : null
}

/** Capitals alone may be a stuck key. */
function isShouted(text: string): boolean {
  const letters = text.match(/\p{L}/gu) ?? []
  const capitals = text.match(/\p{Lu}/gu) ?? []
  return letters.length >= 20 && capitals.length >= letters.length * 0.8 && /[!?！？]{2}/u.test(text)
}
