import type { Nodes, Parents } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { createElement, Fragment, type ReactNode, useDeferredValue, useMemo } from 'react'

interface Shown {
  readonly type: string
  readonly url: string
}
/** Of files that the text names, by the address it names them with. */
export type ShownFiles = ReadonlyMap<string, Shown>

interface ArticlePreviewProps {
  title: string
  summary: string
  body: string
  files: ShownFiles
}

/** Much as the page will show it: React elements and no HTML string, so nothing that is typed becomes markup. */
export function ArticlePreview({ title, summary, body, files }: ArticlePreviewProps) {
  const text = useDeferredValue(body)
  const tree = useMemo(() => fromMarkdown(text), [text])
  return (
    <article className="flex max-w-[68ch] flex-col gap-3.5 text-base leading-relaxed break-words [overflow-wrap:anywhere]">
      <h2 className="text-2xl font-semibold tracking-tight">{title}</h2>
      {summary ? <p className="text-lg text-soft">{summary}</p> : null}
      {inside(tree, files)}
    </article>
  )
}

function inside(node: Parents, files: ShownFiles): ReactNode {
  return createElement(Fragment, null, ...(node.children as Nodes[]).map((child) => element(child, files)))
}

function element(node: Nodes, files: ShownFiles): ReactNode {
  switch (node.type) {
    case 'text':
      return node.value
    case 'strong':
      return <strong className="font-semibold">{inside(node, files)}</strong>
    case 'emphasis':
      return <em>{inside(node, files)}</em>
    case 'inlineCode':
      return <code className="rounded-sm bg-pressed px-1 py-0.5 font-mono text-[0.9em]">{node.value}</code>
    case 'break':
      return <br />
    case 'link':
      return <span className="text-accent-text underline underline-offset-2">{inside(node, files)}</span>
    case 'image':
      return <Media node={node} file={files.get(node.url)} />
    default:
      return block(node, files)
  }
}

function block(node: Nodes, files: ShownFiles): ReactNode {
  switch (node.type) {
    case 'paragraph':
      return <p>{inside(node, files)}</p>
    case 'heading': {
      const large = node.depth <= 2
      return createElement(
        large ? 'h3' : 'h4',
        { className: large ? 'pt-3 text-xl font-semibold' : 'pt-1 text-lg font-semibold' },
        inside(node, files),
      )
    }
    case 'blockquote':
      return <blockquote className="border-l-2 border-line-strong pl-4 text-soft">{inside(node, files)}</blockquote>
    case 'list':
      return createElement(
        node.ordered ? 'ol' : 'ul',
        { className: node.ordered ? 'list-decimal pl-6' : 'list-disc pl-6', start: node.start ?? undefined },
        inside(node, files),
      )
    case 'listItem':
      return <li className="pb-1">{inside(node, files)}</li>
    case 'code':
      return (
        <pre className="overflow-x-auto rounded bg-pressed px-3.5 py-2.5 font-mono text-sm">
          <code>{node.value}</code>
        </pre>
      )
    case 'thematicBreak':
      return <hr className="border-line-strong" />
    default:
      return 'value' in node ? node.value : 'children' in node ? inside(node, files) : null
  }
}

function Media({ node, file }: { node: Extract<Nodes, { type: 'image' }>; file: Shown | undefined }) {
  if (file?.type.startsWith('image/')) {
    return <img src={file.url} alt={node.alt ?? ''} className="max-w-full rounded-lg border border-line" />
  }
  if (file?.type.startsWith('video/')) {
    // Captions are shown by the page itself; here only whether the film is the right one matters.
    return (
      <video controls preload="metadata" src={file.url} className="aspect-video w-full rounded-lg bg-black">
        <track kind="captions" />
      </video>
    )
  }
  return <span className="text-soft">{node.alt || node.url}</span>
}
