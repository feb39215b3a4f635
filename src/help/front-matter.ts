import { z } from 'zod'

/** A file cannot be used; the message says why, for whoever wrote it. */
export class UnusableFile extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'UnusableFile'
  }
}

const line = (max: number) => z.string().trim().min(1).max(max)
const position = z.coerce.number().int().min(0).max(100_000).optional()
const texts = (max: number, each: number) => z.array(line(each)).max(max).default([])

/** What stands above an article's text. Keys that are not ours are somebody else's and left alone. */
const articleHead = z.object({
  title: line(200),
  summary: z.string().trim().max(500).default(''),
  position,
  phrasings: texts(200, 500),
  keywords: texts(50, 100),
  draft: z.enum(['true', 'false']).default('false'),
})
export type ArticleHead = z.infer<typeof articleHead>
const categoryHead = z.object({ name: line(200), description: z.string().trim().max(500).default(''), position })
export type CategoryHead = z.infer<typeof categoryHead>

const longestHead = 64 * 1024
const longestBody = 100_000

export async function readArticle(source: string): Promise<{ head: ArticleHead; body: string }> {
  const { head, body } = await split(source)
  if (body.length > longestBody) throw new UnusableFile(`The text is longer than ${longestBody} characters.`)
  return { head: checked(articleHead, head), body }
}

export async function readCategory(source: string): Promise<CategoryHead> {
  return checked(categoryHead, (await split(source)).head)
}

/** Without line ends around it, which an editor may add or take. */
export function plainBody(body: string): string {
  return body.replace(/\r\n?/g, '\n').replace(/^\n+|[\n\s]+$/g, '')
}

export async function written(head: Readonly<Record<string, unknown>>, body: string): Promise<string> {
  const { stringify } = await import('yaml')
  const told = Object.entries(head).filter(([, value]) => value !== undefined && !isEmpty(value))
  const above = stringify(Object.fromEntries(told), { lineWidth: 0 })
  return `---\n${above}---\n${body === '' ? '' : `\n${plainBody(body)}\n`}`
}

const isEmpty = (value: unknown) => value === '' || (Array.isArray(value) && value.length === 0)

async function split(source: string): Promise<{ head: unknown; body: string }> {
  const text = source.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n')
  if (text.includes('\0')) throw new UnusableFile('It is no text.')
  const [, above, body = ''] = /^---[ \t]*\n([\s\S]*?)(?:^|\n)---[ \t]*(?:\n([\s\S]*))?$/.exec(text) ?? []
  if (above === undefined) throw new UnusableFile('It does not begin with front matter between two lines of "---".')
  if (above.length > longestHead) throw new UnusableFile(`The front matter is longer than ${longestHead} characters.`)
  return { head: await parsed(above), body: plainBody(body) }
}

/** Every value is text, a list or a map; what refers to something else is refused, or a few lines could become gigabytes. */
async function parsed(above: string): Promise<unknown> {
  const { parseDocument } = await import('yaml')
  const document = parseDocument(above, {
    schema: 'failsafe',
    logLevel: 'silent',
    prettyErrors: false,
    uniqueKeys: true,
  })
  const [error] = document.errors
  if (error) throw new UnusableFile(`The front matter cannot be read: ${error.message.split('\n')[0]}`)
  try {
    return document.toJS({ maxAliasCount: 0 })
  } catch {
    throw new UnusableFile('The front matter refers to itself.')
  }
}

function checked<T>(schema: z.ZodType<T>, head: unknown): T {
  const result = schema.safeParse(head)
  if (result.success) return result.data
  const [problem] = result.error.issues
  throw new UnusableFile(`${problem?.path.join('.') || 'The front matter'}: ${problem?.message ?? 'is not valid'}`)
}
