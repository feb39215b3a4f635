import { h } from './dom.ts'
import type { Block, Inline } from './types.ts'

/** Parsed on the server; only the elements below can come of it, and links are checked once more. */
export function blockNodes(blocks: readonly Block[]): Node[] {
  return blocks.map(blockNode)
}

function blockNode(block: Block): Node {
  switch (block.kind) {
    case 'paragraph':
      return h('p', {}, ...inlineNodes(block.inline))
    case 'heading':
      // Inside a message no heading of the page: bold words.
      return h('p', { class: 'heading' }, ...inlineNodes(block.inline))
    case 'quote':
      return h('blockquote', {}, ...blockNodes(block.blocks))
    case 'list': {
      const items = block.items.map((item) => h('li', {}, ...blockNodes(item)))
      return block.ordered ? h('ol', { start: String(block.start) }, ...items) : h('ul', {}, ...items)
    }
    case 'code':
      return h('pre', { tabindex: '0' }, h('code', {}, block.text))
    case 'rule':
      return h('hr')
    default:
      return document.createTextNode('')
  }
}

function inlineNodes(nodes: readonly Inline[]): Node[] {
  return nodes.map(inlineNode)
}

function inlineNode(node: Inline): Node {
  switch (node.kind) {
    case 'text':
      return document.createTextNode(node.text)
    case 'bold':
      return h('strong', {}, ...inlineNodes(node.inline))
    case 'italic':
      return h('em', {}, ...inlineNodes(node.inline))
    case 'code':
      return h('code', {}, node.text)
    case 'link':
      return link(node.url, inlineNodes(node.inline))
    case 'break':
      return h('br')
    default:
      return document.createTextNode('')
  }
}

function link(url: string, content: Node[]): Node {
  if (!/^(https?:|mailto:|tel:)/i.test(url)) return h('span', {}, ...content)
  return h('a', { href: url, target: '_blank', rel: 'noopener noreferrer nofollow' }, ...content)
}

/** What the visitor wrote, as written; addresses can be followed. */
export function plainNodes(text: string): Node[] {
  const pieces = text.split(/(https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]}，。；：！？）】」』])/)
  const nodes = pieces.map((piece, index) =>
    index % 2 === 1 ? link(piece, [document.createTextNode(piece)]) : document.createTextNode(piece),
  )
  return [h('p', { class: 'plain' }, ...nodes)]
}
