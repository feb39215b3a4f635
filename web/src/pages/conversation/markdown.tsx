import type { Nodes, Parents } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { createElement, Fragment, type ReactNode, useMemo } from 'react'

/** CommonMark as React elements: no HTML string anywhere, so nothing a writer types can become markup. */
export function Markdown({ text }: { text: string }) {
  const tree = useMemo(() => fromMarkdown(text), [text])
  return (
    <div className="flex flex-col gap-2 break-words [overflow-wrap:anywhere]" dir="auto">
      {children(tree)}
    </div>
  )
}

/** The same words in one line, without marks or links: for where they are only quoted. */
export function MarkdownWords({ text }: { text: string }) {
  return useMemo(() => wordsOf(fromMarkdown(text)), [text])
}

const blocks: ReadonlySet<string> = new Set(['root', 'list', 'listItem', 'blockquote'])

function wordsOf(node: Nodes): string {
  if (node.type === 'break') return ' '
  if (node.type === 'image') return node.alt ?? ''
  if ('children' in node) return node.children.map(wordsOf).join(blocks.has(node.type) ? ' ' : '')
  return 'value' in node ? node.value : ''
}

function children(node: Parents): ReactNode {
  // As arguments, not as a list: their order never changes, so they need no keys.
  return createElement(Fragment, null, ...node.children.map(element))
}

function element(node: Nodes): ReactNode {
  switch (node.type) {
    case 'text':
      return node.value
    case 'paragraph':
      return <p className="whitespace-pre-wrap">{children(node)}</p>
    case 'strong':
      return <strong className="font-semibold">{children(node)}</strong>
    case 'emphasis':
      return <em>{children(node)}</em>
    case 'inlineCode':
      return <code className="rounded-sm bg-pressed px-1 py-0.5 font-mono text-[0.92em]">{node.value}</code>
    case 'break':
      return <br />
    case 'link':
      return <SafeLink href={node.url}>{children(node)}</SafeLink>
    case 'image':
      return <SafeLink href={node.url}>{node.alt ?? node.url}</SafeLink>
    default:
      return block(node)
  }
}

function block(node: Nodes): ReactNode {
  switch (node.type) {
    case 'code':
      return (
        <pre className="overflow-x-auto rounded bg-pressed px-3 py-2 font-mono text-xs">
          <code>{node.value}</code>
        </pre>
      )
    case 'heading':
      return <p className="font-semibold">{children(node)}</p>
    case 'blockquote':
      return (
        <blockquote className="flex flex-col gap-2 border-l-2 border-line-strong pl-3 text-soft">
          {children(node)}
        </blockquote>
      )
    case 'list':
      return node.ordered ? (
        <ol start={node.start ?? 1} className="list-decimal pl-5">
          {children(node)}
        </ol>
      ) : (
        <ul className="list-disc pl-5">{children(node)}</ul>
      )
    case 'listItem':
      return <li>{children(node)}</li>
    case 'thematicBreak':
      return <hr className="border-line-strong" />
    default:
      // Raw HTML, definitions and whatever comes later: shown as typed, never interpreted.
      return 'value' in node ? node.value : 'children' in node ? children(node) : null
  }
}

function SafeLink({ href, children: inside }: { href: string; children: ReactNode }) {
  if (!/^(https?:|mailto:|tel:)/i.test(href)) return inside
  return (
    <a
      href={href}
      target="_blank"
      rel="noopener noreferrer nofollow"
      className="text-accent-text underline underline-offset-2"
    >
      {inside}
    </a>
  )
}
