import { join } from 'node:path'
import { indexArticle } from '../../src/help/index-article.ts'
import { searchHelp } from '../../src/http/help-search.ts'
import { createArticle } from '../../src/store/article.ts'
import { createCategory, writeCategoryTexts } from '../../src/store/article-category.ts'
import { writeText } from '../../src/store/article-text.ts'
import { publishText } from '../../src/store/article-version.ts'
import { type Database, openDatabase, transaction } from '../../src/store/database.ts'
import { campaignDatabase } from '../chaos/database.ts'
import { csvOf, locales, sampleArticles } from './bot-data.ts'
import { millisecondLine } from './millisecond.ts'
import { checkout } from './place.ts'
import type { Bench } from './rate.ts'
import type { Line } from './report.ts'
import { percentile } from './stats.ts'

const articles = 1_000
const content = join(checkout(), 'content', 'northstar')
const publicUrl = 'http://127.0.0.1'

/** What is asked as it is typed, and whole, among a thousand articles in five languages. */
export async function helpSearch(bench: Bench): Promise<Line[]> {
  const target = await campaignDatabase(bench.server.target, `bench_help_${process.pid}`)
  const db = await openDatabase(target, { poolSize: 3 })
  try {
    await write(db)
    const asked = (file: string) =>
      locales.flatMap((locale) =>
        csvOf(join(content, 'questions', `${locale}${file}.csv`)).map((one) => ({ ...one, locale })),
      )
    const whole = [...asked(''), ...asked('-free')]
    const begun = whole.map((one) => ({ ...one, text: beginning(one.text) }))
    const goal = 'H1'
    const line = (what: string, barMs: number, texts: typeof whole, kind: 'search' | 'message') =>
      millisecondLine(bench, { goal, what, barMs }, () => times(db, texts, kind))
    await times(db, whole.slice(0, 50), 'search')
    return [
      await line('search, a word as it is typed, p95', 30, begun, 'search'),
      await line('search, whole questions, p95', 30, whole, 'search'),
      await line('suggestions in the chat, p95', 30, whole, 'message'),
    ]
  } finally {
    await db.close()
  }
}

/** The first word, less its end; of what is written without spaces the first three characters. */
function beginning(text: string): string {
  const [word = ''] = text.split(/\s/)
  return /^[\x20-\u04ff]/.test(word) ? word.slice(0, Math.max(3, word.length - 2)) : word.slice(0, 3)
}

async function times(db: Database, texts: readonly { text: string; locale: string }[], kind: 'search' | 'message') {
  const took: number[] = []
  for (const { text, locale } of texts) {
    const started = performance.now()
    await searchHelp({ db, publicUrl }, { text, locale, limit: 6, kind })
    took.push(performance.now() - started)
  }
  return { count: took.length, unanswered: 0, p50: percentile(took, 50), p99: percentile(took, 95) }
}

/** The sample's own texts, each paragraph in many of them, so that words are as frequent as they are. */
async function write(db: Database): Promise<void> {
  const samples = sampleArticles(content) ?? []
  const categoryId = await transaction(db, async (tx) => {
    const id = await createCategory(tx, 'all', 0)
    await writeCategoryTexts(tx, id, [{ locale: 'en', name: 'All', description: '' }])
    return id
  })
  for (let n = 0; n < articles; n += 1) {
    await transaction(db, async (tx) => {
      const articleId = await createArticle(tx, { slug: `article-${n}`, categoryId, position: n })
      for (const locale of locales) {
        const place = { articleId, locale }
        await writeText(tx, {
          ...place,
          ...mixed(
            samples.filter((one) => one.locale === locale),
            n,
          ),
          by: 'bench',
        })
        await publishText(tx, place, { minor: true, by: 'bench' })
      }
      await indexArticle(tx, articleId)
    })
  }
  await db.pool.query('vacuum analyze')
}

type Sample = NonNullable<ReturnType<typeof sampleArticles>>[number]

function mixed(samples: readonly Sample[], n: number) {
  const at = (k: number) => samples[k % samples.length]!
  const [own, other] = [at(n), at(n * 7 + 3)]
  return {
    title: `${own.title} ${n}`,
    summary: other.title,
    body: [0, 1, 2, 3].map((k) => at(n * 5 + k * 11).body).join('\n\n'),
    keywords: [],
    phrasings: own.phrasings.filter((_, k) => (k + n) % 3 === 0),
  }
}
