import { type AutomaticWords, automaticLanguage } from '../domain/automatic-words.ts'
import { customerState, isQuietTeam } from '../domain/customer-state.ts'
import { noticeWords, placeText } from '../domain/notice-words.ts'
import { progressWords } from '../domain/progress-words.ts'
import { spokenName } from '../domain/spoken-name.ts'
import type { OpenCase } from '../store/automation.ts'
import type { AnswerContext } from './answer-asked.ts'
import { placeOf } from './queue-place.ts'

interface Speech {
  readonly language: string
  readonly words: AutomaticWords
}

/** What customers may know of their cases, one line each: how far it is, who has it, their place, by when. */
export function caseLines(ctx: AnswerContext, cases: readonly OpenCase[], speech: Speech): Promise<string[]> {
  return Promise.all(cases.map((one) => caseLine(ctx, one, speech)))
}

async function caseLine(ctx: AnswerContext, one: OpenCase, { language, words }: Speech): Promise<string> {
  const state = customerState(one)
  const told = `- #${one.number}: ${state === 'resolved' ? words.states.waiting : words.states[state]}`
  if (isQuietTeam(one)) return told
  const { with: withPerson, withTeam, by } = progressWords(automaticLanguage(language))
  const [name, team] = [spokenName(one.agentName ?? ''), spokenName(one.sees ?? '')]
  const queue = one.status === 'open' ? await placeOf(ctx, one) : null
  const more = [
    team === '' ? null : name === '' ? withTeam(team) : withPerson(name, team),
    one.sees === null ? null : placeText(noticeWords(language), queue?.place ?? null, queue?.wait ?? null),
    one.dueAt !== null && one.dueAt > ctx.clock() ? by(timeText(one.dueAt, language)) : null,
  ]
  return [told, ...more.filter((part) => part !== null)].join(' · ')
}

/** Nobody told us where the customer is. */
function timeText(at: Date, language: string): string {
  const shown = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })
  return `${shown.format(at)} UTC`
}
