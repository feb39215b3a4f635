import { disprovesGuess, type SpokenHere, textLanguage } from '../domain/text-language.ts'
import type { Queryable } from '../store/database.ts'
import { type TextOfUnknown, textsToLearnFrom, writeLearned } from '../store/learned.ts'
import type { RouteRequest } from '../store/routing.ts'

/** In which language they write, and whether they go first. */
export async function learnOf(tx: Queryable, requests: readonly RouteRequest[], spoken: SpokenHere): Promise<void> {
  const texts = await textsToLearnFrom(
    tx,
    requests.map(({ messageId }) => messageId),
  )
  const languages = new Map<string, string>()
  for (const text of texts) {
    const language = languages.has(text.conversationId) ? null : learned(text, spoken)
    if (language !== null) languages.set(text.conversationId, language)
  }
  const ids = [...new Set(requests.map(({ conversationId }) => conversationId))]
  await writeLearned(
    tx,
    ids.map((id) => ({ id, language: languages.get(id) ?? null })),
  )
}

/** Once known it stays, but for what the very letters contradict: somebody said "hello there" and goes on in Chinese. */
function learned({ text, language }: TextOfUnknown, spoken: SpokenHere): string | null {
  return language === null || disprovesGuess(text, language) ? textLanguage(text, spoken) : null
}
