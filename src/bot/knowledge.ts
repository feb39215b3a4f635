import type { Logger } from 'pino'
import { botIsOn, type KnownText, knowledgeVersion, knownTexts, readModel, writeModel } from '../store/bot-knowledge.ts'
import type { Database } from '../store/database.ts'
import { type BotArticle, languageOf, phrasingsOf } from './article.ts'
import type { BotEngine } from './engine.ts'

export interface Known {
  readonly engine: BotEngine
  /** In which there is anything to say. */
  readonly languages: ReadonlySet<string>
  readonly articles: readonly BotArticle[]
  /** null: a reader of this language finds nothing there. */
  urlOf(articleId: string, language: string): string | null
}

export interface KnowledgeContext {
  readonly db: Database
  readonly log: Logger
  /** Without a slash at the end. */
  readonly publicUrl: string
}

export interface Knowledge {
  /** As it is published now. null: nothing is. */
  current(): Promise<Known | null>
  /** Learns anew once the articles stand still; does nothing while no inbox lets the bot answer. */
  refresh(): Promise<void>
  close(): Promise<void>
}

interface Loaded {
  readonly version: string
  readonly learned: boolean
  readonly known: Known
}

/** Whoever edits saves often: nothing is learned before the articles were the same twice in a row. */
export function createKnowledge(ctx: KnowledgeContext): Knowledge {
  const { db, log } = ctx
  const ending = new AbortController()
  let loaded: Loaded | null = null
  let seen: string | null = null
  let loading: Promise<Known | null> = Promise.resolve(null)

  async function load(): Promise<Known | null> {
    const version = await knowledgeVersion(db.pool)
    if (version === null) {
      loaded = null
      return null
    }
    if (loaded?.version === version && loaded.learned) return loaded.known
    const bytes = await readModel(db.pool, version)
    if (loaded?.version === version && bytes === null) return loaded.known
    loaded = { version, learned: bytes !== null, known: await build(ctx, await knownTexts(db.pool), bytes) }
    return loaded.known
  }

  // One after the other, so that none puts an older state over a newer one.
  function current(): Promise<Known | null> {
    const next = loading.then(load, load)
    loading = next
    return next
  }

  async function refresh(): Promise<void> {
    if (!(await botIsOn(db.pool))) return
    const known = await current()
    const version = loaded?.version ?? null
    const still = version !== null && version === seen
    seen = version
    if (!known || !still || version === null || loaded?.learned) return
    const { trainInThread } = await import('./train-in-thread.ts')
    const startedAt = performance.now()
    const bytes = await trainInThread(phrasingsOf(known.articles), { signal: ending.signal })
    await writeModel(db.pool, version, bytes)
    const ms = Math.round(performance.now() - startedAt)
    log.info({ event: 'bot.learned', version, ms, bytes: bytes.length }, 'The bot learned the articles.')
    await current()
  }

  return {
    current,
    refresh: () => refresh().catch((err: unknown) => (ending.signal.aborted ? undefined : Promise.reject(err))),
    async close() {
      ending.abort(new Error('The server stops.'))
      await loading.catch(() => null)
    },
  }
}

async function build(
  { publicUrl }: KnowledgeContext,
  articles: readonly KnownText[],
  bytes: Uint8Array | null,
): Promise<Known> {
  const [{ createBotEngine }, { modelFromBytes }] = await Promise.all([
    import('./engine.ts'),
    import('./model-file.ts'),
  ])
  const slugs = new Map(articles.map(({ id, slug }) => [id, slug]))
  return {
    // No fallback: nobody is answered in a language they did not write.
    engine: createBotEngine({ articles, model: bytes && modelFromBytes(bytes), fallbacks: [] }),
    languages: new Set(articles.map(({ locale }) => languageOf(locale))),
    articles,
    urlOf: (id, language) => {
      const locale = articles.find((one) => one.id === id && languageOf(one.locale) === language)?.locale
      return locale === undefined ? null : `${publicUrl}/help/${locale}/${slugs.get(id)}`
    },
  }
}
