import PostalMime, { decodeWords } from 'postal-mime'
import { readInRuns } from './body-runs.ts'
import { decodeText } from './charset.ts'

/** A node of the library's tree, as far as we read it. */
export interface Part {
  readonly contentType: { readonly parsed: Structured; readonly multipart: string | false }
  readonly contentDisposition: { readonly parsed: Structured }
  readonly contentId?: string
  readonly content: ArrayBuffer | null
  readonly childNodes: readonly Part[]
}
interface Structured {
  readonly value: string
  readonly params: Readonly<Record<string, string>>
}
/** One piece of what is read, in the forms it has. */
interface Piece {
  plain?: string
  html?: string
}
export interface Parts {
  readonly root: Part
  readonly pieces: readonly Piece[]
  /** Everything else, in the order of the mail. */
  readonly files: readonly Part[]
}

/** The tree alone: text and files are decoded here, with other limits than the library's. */
export async function partsOf(raw: Uint8Array): Promise<Parts> {
  const parser = new PostalMime()
  readInRuns(parser)
  await Object.assign(parser, { collectNode: async () => {}, renderTextContent: () => {} }).parse(raw)
  const { root } = parser as unknown as { readonly root: Part }
  const pieces: Piece[] = []
  const files: Part[] = []
  sort(root, null, { pieces, files })
  return { root, pieces, files }
}

function sort(part: Part, alternative: Piece | null, into: { pieces: Piece[]; files: Part[] }): void {
  const { multipart } = part.contentType
  if (multipart) {
    const shared = multipart === 'alternative' && !alternative ? {} : alternative
    if (shared && shared !== alternative) into.pieces.push(shared)
    for (const child of part.childNodes) sort(child, shared, into)
    return
  }
  if (!part.content) return
  const form = typeOf(part) === 'text/html' ? 'html' : 'plain'
  if (!isWords(part)) into.files.push(part)
  else if (alternative) alternative[form] = [alternative[form], textOf(part)].filter(Boolean).join('\n')
  else into.pieces.push({ [form]: textOf(part) })
}

/** Text with a name is a file, unless it is the whole mail. */
function isWords(part: Part): boolean {
  const { value } = part.contentDisposition.parsed
  if (!/^text\/(?:plain|html)$/.test(typeOf(part)) || value === 'attachment') return false
  return nameOf(part) === '' || value !== 'inline' || part.contentType.parsed.params['charset'] === undefined
}

/** What cannot be a type says nothing (RFC 2045, 5.2). */
export function typeOf(part: Part): string {
  const type = part.contentType.parsed.value.toLowerCase()
  if (/^[\w.+-]{1,100}\/[\w.+-]{1,100}$/.test(type)) return type
  return nameOf(part) === '' ? 'text/plain' : 'application/octet-stream'
}

export function nameOf(part: Part): string {
  const name = part.contentDisposition.parsed.params['filename'] ?? part.contentType.parsed.params['name'] ?? ''
  return decodeWords(name)
}

export function textOf(part: Part): string {
  const { charset, format, delsp } = part.contentType.parsed.params
  const text = decodeText(new Uint8Array(part.content ?? new ArrayBuffer(0)), charset)
    .replaceAll('\0', '')
    .replace(/\r+\n?/g, '\n')
  return format?.toLowerCase() === 'flowed' ? unflowed(text, delsp?.toLowerCase() === 'yes') : text
}

/** RFC 3676: a line that ends in a space goes on in the next one of the same quote depth. */
function unflowed(text: string, delsp: boolean): string {
  const lines: string[] = []
  let open: { depth: number; words: string[] } | null = null
  const close = () => {
    if (open) lines.push('>'.repeat(open.depth) + (open.depth > 0 ? ' ' : '') + open.words.join(''))
    open = null
  }
  for (const line of text.split('\n')) {
    const depth = /^>*/.exec(line)?.[0].length ?? 0
    const rest = line.slice(depth).replace(/^ /, '')
    if (open && (open as { depth: number }).depth !== depth) close()
    open ??= { depth, words: [] }
    const goesOn = rest.endsWith(' ') && rest !== '-- '
    open.words.push(goesOn && delsp ? rest.slice(0, -1) : rest)
    if (!goesOn) close()
  }
  close()
  return lines.join('\n')
}

/** All parts, the outer before the inner. */
export function* walk(part: Part): Generator<Part> {
  yield part
  for (const child of part.childNodes) yield* walk(child)
}
