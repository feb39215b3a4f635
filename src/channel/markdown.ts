import type { Nodes, Root, RootContent } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { linkBareUrls, safeUrl } from './links.ts'

/** CommonMark as small plain JSON: what a channel renders from, and what crosses to a browser that has no parser. */
export type Block =
  | { readonly kind: 'paragraph'; readonly inline: readonly Inline[] }
  | { readonly kind: 'heading'; readonly depth: number; readonly inline: readonly Inline[] }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
  | {
      readonly kind: 'list'
      readonly ordered: boolean
      readonly start: number
      readonly items: readonly (readonly Block[])[]
    }
  | { readonly kind: 'code'; readonly language?: string; readonly text: string }
  | { readonly kind: 'rule' }

export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bold'; readonly inline: readonly Inline[] }
  | { readonly kind: 'italic'; readonly inline: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'link'; readonly url: string; readonly inline: readonly Inline[] }
  | { readonly kind: 'break' }

/** Deeper nesting is shown as its source text: nobody writes it, and every renderer recurses. */
const deepest = 24

interface Definition {
  readonly url: string
  readonly source: string
  used: boolean
}

interface Context {
  readonly source: string
  readonly definitions: Map<string, Definition>
}

/** Never throws and loses no text: raw HTML, unsafe links and unused definitions come out as the text they are. */
export function parseMarkdown(source: string): readonly Block[] {
  const tree = markdownTree(source)
  return tree === null ? [asText(source)] : treeBlocks(tree, source)
}

/** The tree of CommonMark without raw HTML; null: nested or marked so heavily that nobody wrote it. */
export function markdownTree(source: string): Root | null {
  if (nesting(source) > deepest || hasTooManyMarks(source)) return null
  return fromMarkdown(source, { extensions: [{ disable: { null: ['htmlFlow', 'htmlText'] } }] })
}

export function treeBlocks(tree: Root, source: string): readonly Block[] {
  const context: Context = { source, definitions: definitionsOf(source, tree) }
  const blocks = blocksOf(tree.children, context)
  const unused = [...context.definitions.values()].filter((definition) => !definition.used)
  return [...blocks, ...unused.map((definition) => asText(definition.source))]
}

/** An upper bound of the depth, from the marks that open containers; cheaper than a parser that would overflow. */
function nesting(source: string): number {
  let depth = 0
  for (const line of source.split('\n')) {
    const marks = /^(?:[ \t]*(?:>|[-+*](?=[ \t]|$)|\d{1,9}[.)](?=[ \t]|$)))*/.exec(line)?.[0] ?? ''
    depth = Math.max(depth, marks.replace(/[ \t]|\d+/g, '').length, (/^[ \t]*/.exec(line)?.[0].length ?? 0) / 2)
  }
  return Math.max(depth, longestRun(source))
}

/** `[` and `**` side by side nest as well: `****…a…****` is one strong in another. */
function longestRun(source: string): number {
  let longest = 0
  for (const run of source.match(/(?:\[){8,}|(?:[*_]){48,}/g) ?? []) longest = Math.max(longest, run.length)
  return longest
}

/** The parser's time grows with the square of these within one paragraph: 20,000 took 6.5 s. */
function hasTooManyMarks(source: string): boolean {
  return source.split(/\n[ \t]*\n/).some((paragraph) => (paragraph.match(/[*_]+|!?\[/g)?.length ?? 0) > 1_000)
}

function asText(text: string): Block {
  return { kind: 'paragraph', inline: textOf(text.trim()) }
}

function definitionsOf(source: string, node: Nodes, found = new Map<string, Definition>()): Map<string, Definition> {
  if (node.type === 'definition' && !found.has(node.identifier)) {
    found.set(node.identifier, { url: node.url, source: sourceOf(source, node), used: false })
  } else if (node.type === 'definition') {
    found.set(`${node.identifier}\n${found.size}`, { url: node.url, source: sourceOf(source, node), used: false })
  }
  if ('children' in node) for (const child of node.children) definitionsOf(source, child, found)
  return found
}

function sourceOf(source: string, node: Nodes): string {
  return source.slice(node.position?.start.offset ?? 0, node.position?.end.offset ?? 0)
}

function blocksOf(nodes: readonly RootContent[], context: Context): Block[] {
  return nodes.flatMap((node) => {
    const block = blockOf(node, context)
    return block ? [block] : []
  })
}

function blockOf(node: RootContent, context: Context): Block | null {
  switch (node.type) {
    case 'paragraph':
      return { kind: 'paragraph', inline: inlineOf(node.children, context) }
    case 'heading':
      return { kind: 'heading', depth: node.depth, inline: inlineOf(node.children, context) }
    case 'blockquote':
      return { kind: 'quote', blocks: blocksOf(node.children, context) }
    case 'list': {
      const items = node.children.map((item) => blocksOf(item.children, context))
      return { kind: 'list', ordered: node.ordered === true, start: node.start ?? 1, items }
    }
    case 'code': {
      const language = [node.lang, node.meta].filter(Boolean).join(' ')
      return { kind: 'code', ...(language && { language }), text: node.value }
    }
    case 'thematicBreak':
      return { kind: 'rule' }
    case 'definition':
      return null
    default:
      return asText(sourceOf(context.source, node))
  }
}

function inlineOf(nodes: readonly RootContent[], context: Context): Inline[] {
  return nodes.flatMap((node) => inlineNode(node, context))
}

function inlineNode(node: RootContent, context: Context): Inline[] {
  switch (node.type) {
    case 'text':
      return textOf(node.value)
    case 'strong':
      return [{ kind: 'bold', inline: inlineOf(node.children, context) }]
    case 'emphasis':
      return [{ kind: 'italic', inline: inlineOf(node.children, context) }]
    case 'inlineCode':
      return [{ kind: 'code', text: node.value }]
    case 'break':
      return [{ kind: 'break' }]
    case 'link':
      return linkOf(node.url, node.title, withoutLinks(inlineOf(node.children, context)))
    case 'image':
      return linkOf(node.url, node.title, node.alt ? [{ kind: 'text', text: node.alt }] : [])
    case 'linkReference':
    case 'imageReference':
      return reference(node, context)
    default:
      return textOf(sourceOf(context.source, node))
  }
}

function reference(
  node: Extract<RootContent, { type: 'linkReference' | 'imageReference' }>,
  context: Context,
): Inline[] {
  const definition = context.definitions.get(node.identifier)
  if (!definition) return textOf(sourceOf(context.source, node))
  definition.used = true
  const label = node.type === 'linkReference' ? withoutLinks(inlineOf(node.children, context)) : textOf(node.alt ?? '')
  return linkOf(definition.url, undefined, label)
}

function linkOf(url: string, title: string | null | undefined, label: readonly Inline[]): Inline[] {
  const safe = safeUrl(url)
  const tail: Inline[] = title ? [{ kind: 'text', text: ` (${title})` }] : []
  const shown: readonly Inline[] = label.length > 0 ? label : [{ kind: 'text', text: url }]
  if (safe) return [{ kind: 'link', url: safe, inline: shown }, ...tail]
  // A link nobody should follow stays readable, as text.
  return label.length > 0 ? [...label, { kind: 'text', text: url ? ` (${url})` : '' }, ...tail] : [...shown, ...tail]
}

/** Links do not nest, in HTML as little as in CommonMark. */
function withoutLinks(nodes: readonly Inline[]): Inline[] {
  return nodes.flatMap((node) => {
    if (node.kind === 'link') return withoutLinks(node.inline)
    if (node.kind === 'bold' || node.kind === 'italic') return [{ kind: node.kind, inline: withoutLinks(node.inline) }]
    return [node]
  })
}

/** A person who presses Enter wants a new line: soft breaks are breaks. */
function textOf(text: string): Inline[] {
  return text
    .split(/\r\n|\n|\r/)
    .flatMap((line, index) => [...(index > 0 ? [{ kind: 'break' } as const] : []), ...linkBareUrls(line)])
}
