import { statusLanguage } from './status-words.ts'
import { bare, isStopWord, resumes } from './stop-words.ts'

/** What a customer's message asks of the program, not of a person. */
export type Asked =
  | 'start'
  | 'help'
  | 'status'
  | 'human'
  | 'privacy'
  | 'delete'
  | 'stop'
  | 'resume'
  | 'eraseYes'
  | 'eraseNo'
  /** Perhaps a choice, typed where there is no button for it. */
  | 'number'

export interface AskedFacts {
  readonly text: string
  readonly command?: { readonly name: Asked } | undefined
  readonly choiceId?: string | undefined
  readonly hasAttachments: boolean
  /** A letter is read by people: of its words only the one that asks how far it is counts. */
  readonly isLetter: boolean
  readonly isPrivate: boolean
}

export const erasureChoices = { eraseYes: 'erase.yes', eraseNo: 'erase.no' } as const

export function askedBy({ text, command, choiceId, hasAttachments, isLetter, isPrivate }: AskedFacts): Asked | null {
  if (command) return command.name
  if (choiceId === erasureChoices.eraseYes) return 'eraseYes'
  if (choiceId === erasureChoices.eraseNo) return 'eraseNo'
  if (!isPrivate || choiceId !== undefined) return null
  // A signature may bring a picture along.
  if ((isLetter || !hasAttachments) && statusLanguage(bare(text)) !== null) return 'status'
  if (isLetter || hasAttachments) return null
  if (isStopWord(text)) return 'stop'
  if (resumes(text)) return 'resume'
  return text.length < 10 && /^[1-9]$/.test(text.normalize('NFKC').trim()) ? 'number' : null
}

/** Nothing for people to do: it opens and reopens nothing, and is new to nobody. */
export function wakesNobody(asked: Asked | null): boolean {
  return asked !== null && asked !== 'human' && asked !== 'stop' && asked !== 'resume' && asked !== 'number'
}
