import type { Definition, Nodes, Parents, PhrasingContent, Root } from 'mdast'
import { safeUrl } from '../channel/links.ts'
import { markdownTree } from '../channel/markdown.ts'
import { helpFileId } from '../domain/article-files.ts'

/** An article's text as a tree in which every address is one that may stand in a page. */
export function articleTree(body: string, locale: string): Root {
  const tree = markdownTree(body) ?? { type: 'root', children: [asCode(body)] }
  const definitions = new Map<string, Definition>()
  collect(tree, definitions)
  rewrite(tree, { definitions, locale })
  return tree
}

const asCode = (value: string): Root['children'][number] => ({ type: 'code', value })

interface Context {
  readonly definitions: ReadonlyMap<string, Definition>
  readonly locale: string
}

function collect(node: Nodes, found: Map<string, Definition>): void {
  if (node.type === 'definition' && !found.has(node.identifier)) found.set(node.identifier, node)
  if ('children' in node) for (const child of node.children) collect(child, found)
}

function rewrite(node: Parents, context: Context): void {
  const children = node.children as Nodes[]
  for (const child of children) if ('children' in child) rewrite(child, context)
  node.children = children.flatMap((child) => rewritten(child, context)) as never
}

function rewritten(node: Nodes, context: Context): Nodes[] {
  switch (node.type) {
    case 'definition':
      return []
    case 'text':
      return [{ ...node, value: joined(node.value) }]
    case 'linkReference':
    case 'imageReference':
      return reference(node, context)
    case 'link':
      return linked(node.url, node.children, context)
    case 'image':
      return pictured(node.url, node.alt ?? '', node.title ?? null, context)
    default:
      return [node]
  }
}

function reference(node: Extract<Nodes, { type: 'linkReference' | 'imageReference' }>, context: Context): Nodes[] {
  const definition = context.definitions.get(node.identifier)
  const label = node.type === 'linkReference' ? node.children : []
  if (!definition) return label
  if (node.type === 'linkReference') return linked(definition.url, label, context)
  return pictured(definition.url, node.alt ?? '', definition.title ?? null, context)
}

function linked(url: string, children: PhrasingContent[], context: Context): Nodes[] {
  const target = linkTarget(url, context.locale)
  return target === null ? children : [{ type: 'link', url: target, children }]
}

/** Pictures of ours stay pictures. Others become links: a reader's address is nobody else's business. */
function pictured(url: string, alt: string, title: string | null, context: Context): Nodes[] {
  if (helpFileId(url) !== null) return [{ type: 'image', url, alt, title }]
  const target = linkTarget(url, context.locale)
  const words: PhrasingContent[] = [{ type: 'text', value: alt || url }]
  return target === null ? words : [{ type: 'link', url: target, children: words }]
}

/** To a place of the page, a page of the help centre, another article's file, or a website; null: nobody should follow it. */
function linkTarget(url: string, locale: string): string | null {
  if (/^#[^\s<>"]{1,200}$/.test(url)) return url
  const article = /^(?:\.{0,2}\/)*(?:[\w-]+\/)*([a-z0-9-]+)\.md(#[^\s<>"]{0,200})?$/.exec(url)
  if (article) return `/help/${locale}/${article[1]}${article[2] ?? ''}`
  if (/^\/help(?:[/?#][^\s<>"\\]*)?$/.test(url)) return url
  return safeUrl(url)
}

const unspaced = '[\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\u3000-\\u303f\\uff00-\\uffef]'
const lineEnd = new RegExp(`(?<=${unspaced})\\s*\\n\\s*(?=${unspaced})`, 'gu')

/** A line that was broken in the source goes on; between characters that are never spaced, without a space. */
function joined(text: string): string {
  return text.replace(lineEnd, '').replace(/\s*\n\s*/g, ' ')
}

/** For readers elsewhere, who have our words but not our pages around them. */
export function withHost(tree: Root, publicUrl: string): Root {
  const absolute = (node: Nodes): void => {
    if (node.type === 'link' || node.type === 'image') node.url = hosted(node.url, publicUrl)
    if ('children' in node) for (const child of node.children) absolute(child)
  }
  absolute(tree)
  return tree
}

function hosted(url: string, publicUrl: string): string {
  return url.startsWith('/') ? `${publicUrl}${url}` : url
}
