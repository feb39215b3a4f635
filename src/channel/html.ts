import type { Block, Inline } from './markdown.ts'

/** Only elements written here, attributes only `href`, `start` and `rel`; everything else is escaped text. */
export function toHtml(blocks: readonly Block[]): string {
  return blocks.map(blockHtml).join('\n')
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p>${inlineHtml(block.inline)}</p>`
    case 'heading':
      return `<h${block.depth}>${inlineHtml(block.inline)}</h${block.depth}>`
    case 'quote':
      return `<blockquote>${toHtml(block.blocks)}</blockquote>`
    case 'list': {
      const items = block.items.map((item) => `<li>${itemHtml(item)}</li>`).join('')
      if (!block.ordered) return `<ul>${items}</ul>`
      return block.start === 1 ? `<ol>${items}</ol>` : `<ol start="${block.start}">${items}</ol>`
    }
    case 'code':
      return `<pre><code>${escapeHtml(block.text)}</code></pre>`
    case 'rule':
      return '<hr>'
  }
}

/** An item of one paragraph is not spaced like paragraphs. */
function itemHtml(item: readonly Block[]): string {
  const [first, ...rest] = item
  if (first?.kind !== 'paragraph') return toHtml(item)
  return [inlineHtml(first.inline), ...rest.map(blockHtml)].join('\n')
}

function inlineHtml(nodes: readonly Inline[]): string {
  return nodes.map(oneInline).join('')
}

function oneInline(node: Inline): string {
  switch (node.kind) {
    case 'text':
      return escapeHtml(node.text)
    case 'code':
      return `<code>${escapeHtml(node.text)}</code>`
    case 'break':
      return '<br>'
    case 'bold':
      return `<strong>${inlineHtml(node.inline)}</strong>`
    case 'italic':
      return `<em>${inlineHtml(node.inline)}</em>`
    case 'link':
      return `<a href="${escapeHtml(node.url)}" rel="noopener noreferrer nofollow">${inlineHtml(node.inline)}</a>`
  }
}
