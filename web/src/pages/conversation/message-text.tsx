import { createElement, lazy, type ReactNode, Suspense } from 'react'

const Markdown = lazy(() => import('./markdown.tsx').then((module) => ({ default: module.Markdown })))

const address = /https?:\/\/[^\s<>"'\u3000-\u303f\uff00-\uffef]+[^\s<>"'.,;:!?)\]}\u3000-\u303f\uff00-\uffef]/g

/** A customer's words: exactly as written, addresses made links that tell the other site nothing. */
export function PlainText({ text }: { text: string }) {
  const pieces: ReactNode[] = []
  let at = 0
  for (const match of text.matchAll(address)) {
    pieces.push(text.slice(at, match.index), <Address href={match[0]} />)
    at = match.index + match[0].length
  }
  pieces.push(text.slice(at))
  return createElement(
    'p',
    { className: 'break-words whitespace-pre-wrap [overflow-wrap:anywhere]', dir: 'auto' },
    ...pieces,
  )
}

function Address({ href }: { href: string }) {
  return (
    <a
      href={href}
      target="_blank"
      rel="noopener noreferrer nofollow"
      className="text-accent-text underline underline-offset-2"
    >
      {href}
    </a>
  )
}

const MarkdownWords = lazy(() => import('./markdown.tsx').then((module) => ({ default: module.MarkdownWords })))
const marks = /[*_`#>[\]~\\|<&]|^\s*([-+]|\d+[.)])\s|\n {4}| {2}\n/m

/** Our words where they are only quoted: one line, no marks. */
export function QuotedText({ text }: { text: string }) {
  if (!marks.test(text)) return text
  return (
    <Suspense fallback={text}>
      <MarkdownWords text={text} />
    </Suspense>
  )
}

/** Our words, CommonMark. The parser is loaded once somebody has written marks; until then the text stands as typed. */
export function WrittenText({ text }: { text: string }) {
  if (!marks.test(text)) return <PlainText text={text} />
  return (
    <Suspense fallback={<PlainText text={text} />}>
      <Markdown text={text} />
    </Suspense>
  )
}
