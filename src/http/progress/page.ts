import { escapeHtml, toHtml } from '../../channel/html.ts'
import { parseMarkdown } from '../../channel/markdown.ts'
import { customerState, isQuietTeam } from '../../domain/customer-state.ts'
import { noticeWords, placeText } from '../../domain/notice-words.ts'
import { type ProgressWords, progressWords } from '../../domain/progress-words.ts'
import { isSafeImage } from '../../files/sniff.ts'
import type { SaidPlace } from '../../store/place-notice.ts'
import type { Progress, ProgressFile, ProgressMessage } from '../../store/progress.ts'
import { progressStyles } from './styles.ts'

export interface ProgressPage {
  readonly language: string
  readonly progress: Progress
  readonly messages: readonly ProgressMessage[]
  /** There are more that are not shown. */
  readonly cut: boolean
  readonly queue: SaidPlace | null
  readonly urlOf: (attachmentId: string) => string
}

export function progressPage(page: ProgressPage): string {
  const { language, progress, messages, cut } = page
  const words = progressWords(language)
  const title = words.title(`#${progress.number}`)
  const subject = messages.findLast((message) => message.subject)?.subject
  const state = customerState(progress)
  const facts = factsOf(page, words).map((fact) => `<li>${fact}</li>`)
  return shell(
    language,
    title,
    `<p class="place">${esc(progress.inboxName)}</p>
<section class="case${state === 'resolved' ? ' over' : ''}">
<h1>${esc(title)}</h1>
${subject ? `<p class="subject">${esc(subject)}</p>` : ''}
<p class="state"><span class="dot" aria-hidden="true"></span>${esc(words.states[state])}</p>
<ul class="facts">${facts.join('')}</ul>
</section>
<h2>${esc(words.messages)}</h2>
${cut ? `<p class="quiet">${esc(words.earlier)}</p>` : ''}
<ol class="said">
${messages.map((message) => messageHtml(page, words, message)).join('\n')}
</ol>
<p class="quiet">${esc(words.answerWhere)}</p>`,
  )
}

export function missingPage(language: string): string {
  const words = progressWords(language)
  return shell(
    language,
    words.gone,
    `<section class="case over"><h1>${esc(words.gone)}</h1><p>${esc(words.goneMeans)}</p></section>`,
  )
}

function shell(language: string, title: string, body: string): string {
  return `<!doctype html>
<html lang="${esc(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow, noarchive">
<meta name="referrer" content="no-referrer">
<title>${esc(title)}</title>
<link rel="icon" href="/favicon.svg">
<style>${progressStyles}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`
}

const esc = escapeHtml

/** Who has it, where it stands, by when: only what customers may know of this team. */
function factsOf({ language, progress, queue }: ProgressPage, words: ProgressWords): string[] {
  const { createdAt, agentName, sees, dueAt, status } = progress
  const asked = `${esc(words.since)} ${timeHtml(createdAt, language)}`
  const over = status === 'resolved' || status === 'spam'
  if (over || isQuietTeam(progress)) return [asked]
  const who = sees === null ? null : agentName === null ? words.withTeam(sees) : words.with(agentName, sees)
  const line = placeText(noticeWords(language), queue?.place ?? null, queue?.wait ?? null)
  const promised = dueAt === null ? null : esc(words.by('{time}')).replace('{time}', timeHtml(dueAt, language))
  return [asked, who && esc(who), line && esc(line), promised].flatMap((fact) => fact || [])
}

function messageHtml({ language, progress, urlOf }: ProgressPage, words: ProgressWords, message: ProgressMessage) {
  const { direction, at, edited, deleted } = message
  const own = direction === 'in'
  const name = own
    ? words.you
    : (message.senderType === 'agent' && message.senderName) || progress.inboxName || words.us
  const files = message.files.map((file) => fileHtml(file, urlOf))
  const text = deleted
    ? `<p class="quiet">${esc(words.deleted)}</p>`
    : own
      ? `<div class="text plain">${esc(message.text.trim())}</div>`
      : `<div class="text">${toHtml(parseMarkdown(message.text))}</div>`
  return `<li${own ? ' class="own"' : ''}>
<p class="who"><b>${esc(name)}</b> · ${timeHtml(at, language)}${edited && !deleted ? ` · ${esc(words.edited)}` : ''}</p>
${text}
${files.length > 0 ? `<ul class="files">${files.join('')}</ul>` : ''}
</li>`
}

function fileHtml({ id, name, type }: ProgressFile, urlOf: (id: string) => string): string {
  const url = esc(urlOf(id))
  const shown = isSafeImage(type) ? `<img src="${url}" alt="${esc(name)}" loading="lazy">` : esc(name)
  return `<li><a href="${url}">${shown}</a></li>`
}

/** Nobody told us where the reader is. */
function timeHtml(at: Date, language: string): string {
  const shown = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' }).format(
    at,
  )
  return `<time datetime="${at.toISOString()}">${esc(shown)} UTC</time>`
}
