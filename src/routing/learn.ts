import { textLanguage } from '../domain/text-language.ts'
import type { Queryable } from '../store/database.ts'
import { textsWithoutLanguage, writeLearned } from '../store/learned.ts'
import type { RouteRequest } from '../store/routing.ts'

/** In which language they write, and whether they go first. */
export async function learnOf(tx: Queryable, requests: readonly RouteRequest[]): Promise<void> {
  const texts = await textsWithoutLanguage(
    tx,
    requests.map(({ messageId }) => messageId),
  )
  const languages = new Map<string, string>()
  for (const { conversationId, text } of texts) {
    const language = languages.has(conversationId) ? null : await textLanguage(text)
    if (language !== null) languages.set(conversationId, language)
  }
  const ids = [...new Set(requests.map(({ conversationId }) => conversationId))]
  await writeLearned(
    tx,
    ids.map((id) => ({ id, language: languages.get(id) ?? null })),
  )
}
