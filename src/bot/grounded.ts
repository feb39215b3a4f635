import { z } from 'zod'
import type { BotArticle } from './article.ts'
import { isFiller } from './filler-words.ts'
import { jsonIn } from './json-in.ts'
import { plainText, textUnits } from './text-units.ts'

export interface Sentence {
  readonly text: string
  /** An article's id. */
  readonly article: string
}

const answer = z.object({ sentences: z.array(z.object({ text: z.string(), article: z.string() })).max(40) })

const most = 6
const longest = 500
/** So much of what a sentence says must be words of the article that it names. */
const shared = 0.6

/**
 * What a machine elsewhere wrote, as far as the articles say it too. It may lie, or repeat what a customer told it to say: whatever
 * names no article, brings a number, an address or a link of its own, or mostly other words, is dropped.
 */
export function grounded(content: string, articles: readonly BotArticle[]): Sentence[] {
  const sentences = parsed(content)
  const known = new Map(articles.map((article) => [article.id, sourceOf(article)]))
  return sentences
    .map(({ text, article }) => ({ text: text.replace(/\s+/g, ' ').trim(), article }))
    .filter(({ text, article }) => {
      const source = known.get(article)
      return source !== undefined && text !== '' && text.length <= longest && says(source, text)
    })
    .slice(0, most)
}

function parsed(content: string): readonly Sentence[] {
  const read = answer.safeParse(jsonIn(content))
  return read.success ? read.data.sentences : []
}

interface Source {
  readonly text: string
  readonly stems: ReadonlySet<string>
}

function sourceOf({ title, summary, body, phrasings }: BotArticle): Source {
  const text = [title, summary, body, ...phrasings].join('\n')
  return { text: text.toLowerCase(), stems: new Set(stemsIn(text)) }
}

function says({ text: source, stems }: Source, text: string): boolean {
  if (bitsOf(text.toLowerCase()).some((bit) => !source.includes(bit))) return false
  if (/[<>]|\]\(|!\[/.test(text)) return false
  const own = stemsIn(text)
  return own.length > 0 && own.filter((stem) => stems.has(stem)).length >= own.length * shared
}

/** What must stand in the article as it is: addresses, and whatever has a digit. */
function bitsOf(text: string): string[] {
  return text.split(' ').flatMap((word) => {
    const bare = word.replace(/^[^\p{L}\p{N}]+/u, '').replace(/[.,;:!?)\]]+$/, '')
    const isAddress = bare.includes('@') || bare.includes('://') || bare.includes('www.')
    return isAddress ? [bare] : (bare.match(/[\w-]+/g) ?? []).filter((part) => /\d/.test(part))
  })
}

function stemsIn(text: string): string[] {
  return text.split('\n').flatMap((line) =>
    textUnits(plainText(line))
      .filter((unit) => !isFiller(unit.text))
      .map(({ stem }) => stem),
  )
}
