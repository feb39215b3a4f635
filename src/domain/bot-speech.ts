import { botWords } from './bot-words.ts'

interface SpokenArticle {
  readonly title: string
  readonly summary: string
  /** CommonMark. */
  readonly body: string
}

/** Longer is read on the page. */
const longest = 700
const longestLabel = 60

/** The article's own words, and where they stand. */
export function answerText(article: SpokenArticle, url: string | null, language: string): string {
  return `${linksFrom(excerptOf(article), url)}\n\n${sourceText(article, url, language)}`
}

/** An article may lead to another one as seen from its own page; a message has no such place. */
function linksFrom(text: string, url: string | null): string {
  return url === null ? text : text.replace(/\]\(\/(?!\/)/g, `](${new URL(url).origin}/`)
}

export function sourceText({ title }: Pick<SpokenArticle, 'title'>, url: string | null, language: string): string {
  const name = title.replace(/[[\]\\]/g, '')
  return `${botWords(language).source} ${url === null ? name : `[${name}](${url})`}`
}

/** Whole blocks of the text, as many as fit; a summary that stands alone says enough where the text begins with more. */
export function excerptOf({ summary, body }: SpokenArticle): string {
  const blocks = body
    .split(/\n{2,}/)
    .map((block) => block.trim())
    // Headings, pictures and tables are for the page.
    .filter((block) => block !== '' && !/^(#|!\[|\||<)/.test(block))
  const taken: string[] = summary.trim() === '' ? [] : [summary.trim()]
  let length = taken.join('').length
  for (const block of blocks) {
    if (length > 0 && length + block.length > longest) break
    if (!taken.includes(block)) taken.push(block)
    length += block.length
  }
  return cut(taken.join('\n\n'), longest * 2)
}

/** Of a button. */
export function labelOf(title: string): string {
  return cut(title.replace(/\s+/g, ' ').trim(), longestLabel)
}

function cut(text: string, most: number): string {
  const points = [...text]
  return points.length <= most ? text : `${points.slice(0, most - 1).join('')}…`
}
