import type { Nodes, Parents, Root } from 'mdast'
import { escapeHtml } from '../channel/html.ts'
import { helpFileId } from '../domain/article-files.ts'

export interface ArticleFile {
  readonly id: string
  readonly type: string
  readonly url: string
}

export interface Heading {
  readonly depth: number
  readonly id: string
  readonly text: string
}

export interface ArticleHtml {
  readonly html: string
  readonly headings: readonly Heading[]
}

interface Context {
  readonly files: ReadonlyMap<string, ArticleFile>
  readonly captionsLabel: string
  readonly headings: Heading[]
  /** Inside of a link, where no other may stand. */
  readonly linked: boolean
}

/** Only elements written here; whatever a text holds is escaped. `files`: those that may be shown, all others are not. */
export function articleHtml(tree: Root, files: readonly ArticleFile[], captionsLabel: string): ArticleHtml {
  const headings: Heading[] = []
  const byId = new Map(files.map((file) => [file.id, file]))
  const html = inside(tree, { files: byId, captionsLabel, headings, linked: false })
  return { html, headings }
}

function inside(node: Parents, context: Context): string {
  return (node.children as Nodes[]).map((child) => element(child, context)).join('')
}

function element(node: Nodes, context: Context): string {
  switch (node.type) {
    case 'text':
      return escapeHtml(node.value)
    case 'strong':
      return `<strong>${inside(node, context)}</strong>`
    case 'emphasis':
      return `<em>${inside(node, context)}</em>`
    case 'inlineCode':
      return `<code>${escapeHtml(node.value)}</code>`
    case 'break':
      return '<br>'
    case 'link':
      return link(node, context)
    case 'image':
      return media(node, context)
    default:
      return block(node, context)
  }
}

function block(node: Nodes, context: Context): string {
  switch (node.type) {
    case 'paragraph':
      return paragraph(node, context)
    case 'heading':
      return heading(node, context)
    case 'blockquote':
      return `<blockquote>${inside(node, context)}</blockquote>\n`
    case 'list': {
      const start = node.ordered && (node.start ?? 1) !== 1 ? ` start="${Number(node.start)}"` : ''
      const tag = node.ordered ? 'ol' : 'ul'
      return `<${tag}${start}>${inside(node, context)}</${tag}>\n`
    }
    case 'listItem':
      return `<li>${inside(node, context)}</li>\n`
    case 'code':
      // It may be wider than the page: whoever has no pointer scrolls it by keys.
      return `<pre tabindex="0"><code>${escapeHtml(node.value)}</code></pre>\n`
    case 'thematicBreak':
      return '<hr>\n'
    default:
      return 'value' in node ? escapeHtml(node.value) : ''
  }
}

function paragraph(node: Extract<Nodes, { type: 'paragraph' }>, context: Context): string {
  const [only, ...more] = node.children
  const figure = only?.type === 'image' && more.length === 0 && !isCaptions(only.title)
  if (figure && only.title) {
    return `<figure>${media(only, context)}<figcaption>${escapeHtml(only.title)}</figcaption></figure>\n`
  }
  if (only?.type === 'image' && more.length === 0) return `<figure>${media(only, context)}</figure>\n`
  return `<p>${inside(node, context)}</p>\n`
}

/** The page's own title is its only h1. */
function heading(node: Extract<Nodes, { type: 'heading' }>, context: Context): string {
  const depth = Math.min(node.depth === 1 ? 2 : node.depth, 4)
  const text = wordsOf(node).trim()
  const id = anchorOf(text, context.headings)
  context.headings.push({ depth, id, text })
  return `<h${depth} id="${escapeHtml(id)}">${inside(node, context)}</h${depth}>\n`
}

function anchorOf(text: string, taken: readonly Heading[]): string {
  const base =
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}]+/gu, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 80) || 'part'
  const ids = new Set(taken.map((one) => one.id))
  let id = base
  for (let n = 2; ids.has(id); n++) id = `${base}-${n}`
  return id
}

function wordsOf(node: Nodes): string {
  if (node.type === 'image') return node.alt ?? ''
  if ('children' in node) return (node.children as Nodes[]).map(wordsOf).join('')
  return 'value' in node ? node.value : ' '
}

function link(node: Extract<Nodes, { type: 'link' }>, context: Context): string {
  if (context.linked) return inside(node, context)
  const fileId = helpFileId(node.url)
  const file = fileId === null ? undefined : context.files.get(fileId)
  if (fileId !== null && !file) return inside(node, context)
  const rel = /^(?:\/|#)/.test(node.url) ? '' : ' rel="noopener noreferrer"'
  return `<a href="${escapeHtml(file?.url ?? node.url)}"${rel}>${inside(node, { ...context, linked: true })}</a>`
}

const isCaptions = (title: string | null | undefined) => helpFileId(title ?? '') !== null

function media(node: Extract<Nodes, { type: 'image' }>, context: Context): string {
  const file = context.files.get(helpFileId(node.url) ?? '')
  const alt = escapeHtml(node.alt ?? '')
  if (!file) return alt
  const url = escapeHtml(file.url)
  if (file.type.startsWith('video/')) return video(node, file, context)
  if (!file.type.startsWith('image/')) return context.linked ? alt : `<a href="${url}">${alt || url}</a>`
  return `<img src="${url}" alt="${alt}" loading="lazy" decoding="async">`
}

function video(node: Extract<Nodes, { type: 'image' }>, file: ArticleFile, context: Context): string {
  const captions = context.files.get(helpFileId(node.title ?? '') ?? '')
  const label = escapeHtml(context.captionsLabel)
  const track =
    captions?.type === 'text/vtt'
      ? `<track kind="captions" src="${escapeHtml(captions.url)}" label="${label}" default>`
      : ''
  const name = node.alt ? ` aria-label="${escapeHtml(node.alt)}"` : ''
  return `<video controls preload="metadata" playsinline src="${escapeHtml(file.url)}"${name}>${track}</video>`
}
