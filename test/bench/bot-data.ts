import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse as parseCsv } from 'csv-parse/sync'
import { parse as parseYaml } from 'yaml'
import type { BotArticle } from '../../src/bot/article.ts'
import type { Phrasing } from '../../src/bot/classifier.ts'
import { seededRandom } from '../../src/bot/seeded-random.ts'

export const locales = ['en', 'zh', 'ja', 'ko', 'ru'] as const

export function csvOf(file: string): Phrasing[] {
  const rows = parseCsv<Record<string, string>>(readFileSync(file), { columns: true, bom: true })
  return rows.map(({ text = '', category = '' }) => ({ text, category }))
}

interface Clinc {
  readonly train: readonly Phrasing[]
  readonly val: readonly Phrasing[]
  readonly outOfScope: readonly string[]
}

export function clincOf(file: string): Clinc {
  const all = JSON.parse(readFileSync(file, 'utf8')) as Record<string, [string, string][] | undefined>
  const part = (name: string) => (all[name] ?? []).map(([text, category]) => ({ text, category }))
  const outOfScope = [...part('oos_train'), ...part('oos_val')].map(({ text }) => text)
  return { train: part('train'), val: part('val'), outOfScope }
}

/** Null: the sample content is not in this checkout. */
export function sampleArticles(content: string): BotArticle[] | null {
  const root = join(content, 'articles')
  if (!existsSync(root)) return null
  return locales.flatMap((locale) =>
    readdirSync(join(root, locale)).flatMap((category) =>
      readdirSync(join(root, locale, category))
        .filter((file) => file.endsWith('.md') && !file.startsWith('_'))
        .map((file) => articleOf(readFileSync(join(root, locale, category, file), 'utf8'), file.slice(0, -3), locale)),
    ),
  )
}

function articleOf(text: string, id: string, locale: string): BotArticle {
  const [, head = '', body = ''] = /^---\n(.*?)\n---\n(.*)$/s.exec(text) ?? []
  const { title = id, summary = '', phrasings = [] } = parseYaml(head) as Partial<BotArticle>
  return { id, locale, title, summary, body, phrasings: phrasings.map(String) }
}

interface Split {
  readonly train: readonly Phrasing[]
  readonly test: readonly Phrasing[]
}

/** Every category cut into as many parts; each part is asked once of what the others taught. */
export function crossValidation(all: readonly Phrasing[], parts: number, seed: number): Split[] {
  const dealt = deal(all, seed)
  return Array.from({ length: parts }, (_, part) => ({
    train: dealt.filter(({ place }) => place % parts !== part).map(({ phrasing }) => phrasing),
    test: dealt.filter(({ place }) => place % parts === part).map(({ phrasing }) => phrasing),
  }))
}

/** So many of each category to learn from (of smaller ones four fifths), all others to be asked. */
export function fewOfEach(all: readonly Phrasing[], each: number, seed: number): Split {
  const dealt = deal(all, seed)
  const learned = ({ place, of }: Dealt) => place < Math.min(each, Math.floor(of * 0.8))
  return {
    train: dealt.filter(learned).map(({ phrasing }) => phrasing),
    test: dealt.filter((one) => !learned(one)).map(({ phrasing }) => phrasing),
  }
}

interface Dealt {
  readonly phrasing: Phrasing
  /** Within its category of so many. */
  readonly place: number
  readonly of: number
}

function deal(all: readonly Phrasing[], seed: number): Dealt[] {
  const random = seededRandom(seed)
  const mixed = all.map((phrasing) => ({ phrasing, key: random() })).sort((a, b) => a.key - b.key)
  const groups = new Map<string, number>()
  const placed = mixed.map(({ phrasing }) => {
    const place = groups.get(phrasing.category) ?? 0
    groups.set(phrasing.category, place + 1)
    return { phrasing, place }
  })
  return placed.map((one) => ({ ...one, of: groups.get(one.phrasing.category) ?? 0 }))
}
