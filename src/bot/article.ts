/** One article in one language, as far as the bot needs it. */
export interface BotArticle {
  readonly id: string
  readonly locale: string
  readonly title: string
  readonly summary: string
  /** CommonMark. */
  readonly body: string
  /** Questions customers ask, in this language. */
  readonly phrasings: readonly string[]
}

/** What the machine learns: titles are questions too. */
export function phrasingsOf(articles: readonly BotArticle[]): { readonly text: string; readonly category: string }[] {
  return articles.flatMap(({ id, title, phrasings }) => [title, ...phrasings].map((text) => ({ text, category: id })))
}

/** 'zh-Hant-TW' speaks 'zh'. */
export function languageOf(locale: string): string {
  return locale.split('-')[0]?.toLowerCase() ?? locale
}

/** Each article once: in the wished locale, else in its language, else in the first of the fallbacks it has, else as it comes. */
export function inLanguage(
  articles: readonly BotArticle[],
  wished: string,
  fallbacks: readonly string[] = ['en'],
): BotArticle[] {
  const chain = [wished, languageOf(wished), ...fallbacks]
  const place = (article: BotArticle) => {
    const found = chain.findIndex((one) => one === article.locale || one === languageOf(article.locale))
    return found === -1 ? chain.length : found
  }
  const best = new Map<string, BotArticle>()
  for (const article of articles) {
    const other = best.get(article.id)
    if (!other || place(article) < place(other)) best.set(article.id, article)
  }
  return [...best.values()]
}
