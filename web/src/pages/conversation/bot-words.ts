import type { TFunction } from 'i18next'
import type { Activity } from '../../../../src/wire/conversation.ts'
import type { TurnTold } from './use-turn-words.ts'

const because = {
  human: 'asked',
  noneFits: 'asked',
  account: 'grave',
  fraud: 'grave',
  legal: 'grave',
  selfHarm: 'grave',
  anger: 'anger',
  misses: 'misses',
  nothingFound: 'nothingFound',
  repeated: 'misses',
  language: 'language',
  files: 'files',
  late: 'late',
  failed: 'late',
  notHere: 'notHere',
} as const

export function handedOverReason(t: TFunction, data: Activity['data']): string {
  return t(`bot.because.${because[data['reason'] as keyof typeof because] ?? 'notHere'}`)
}

export interface LoggedTurn extends TurnTold {
  readonly messageId?: unknown
}

/** What the bot had done until then, oldest first. */
export function loggedTurns(data: Activity['data']): LoggedTurn[] {
  return Array.isArray(data['turns']) ? data['turns'] : []
}
