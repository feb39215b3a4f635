import type { Block, Inline } from './markdown.ts'

/** What a person reads where nothing can be formatted; loses marks, never words. */
export function plainText(blocks: readonly Block[]): string {
  return blocks.map(blockText).join('\n\n')
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
    case 'heading':
      return inlineText(block.inline)
    case 'code':
      return block.text
    case 'rule':
      return '———'
    case 'quote':
      return prefixed(plainText(block.blocks), '> ', '> ')
    case 'list':
      return block.items
        .map((item, index) => {
          const mark = block.ordered ? `${block.start + index}. ` : '• '
          return prefixed(item.map(blockText).join('\n'), mark, ' '.repeat(mark.length))
        })
        .join('\n')
  }
}

function prefixed(text: string, first: string, rest: string): string {
  return text
    .split('\n')
    .map((line, index) => `${index === 0 ? first : rest}${line}`.trimEnd())
    .join('\n')
}

export function inlineText(nodes: readonly Inline[]): string {
  return nodes.map(oneInline).join('')
}

function oneInline(node: Inline): string {
  switch (node.kind) {
    case 'text':
    case 'code':
      return node.text
    case 'break':
      return '\n'
    case 'bold':
    case 'italic':
      return inlineText(node.inline)
    case 'link': {
      const label = inlineText(node.inline)
      const bare = node.url.replace(/^(?:mailto|tel):/, '')
      return label === node.url || label === bare ? label : `${label} (${node.url})`
    }
  }
}
