import { escapeHtml } from '../../channel/html.ts'
import { contactWords } from '../../domain/contact-words.ts'
import type { HelpSettings } from '../../domain/help-settings.ts'
import { type HelpWords, languageName } from '../../domain/help-words.ts'
import type { AssetUrls } from './assets.ts'

/** Nothing from elsewhere, nothing inline; nobody frames it. */
export const helpPolicy = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self'",
  "media-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ')

/** What every page of a visit shares. */
export interface Site {
  readonly settings: HelpSettings
  /** As in the address. */
  readonly locale: string
  readonly words: HelpWords
  readonly publicUrl: string
  readonly assets: AssetUrls
  /** In which there is anything to read. */
  readonly locales: readonly string[]
  readonly logoUrl: string | null
  /** There is a form to write to us. */
  readonly hasContact: boolean
}

export interface Shell {
  readonly title: string
  readonly description: string
  /** Paths; `canonical`: null keeps the page out of search engines. */
  readonly canonical: string | null
  readonly alternates: readonly { readonly locale: string; readonly path: string }[]
  /** The first page asks in its middle. */
  readonly seekInTop: boolean
  readonly asked?: string
  readonly content: string
}

export const esc = escapeHtml

export function nameOf({ settings, words }: Site): string {
  return settings.name || words.title
}

export function shell(site: Site, page: Shell): string {
  const { assets, words, locale } = site
  const name = nameOf(site)
  const title = page.title === name ? name : `${page.title} · ${name}`
  return `<!doctype html>
<html lang="${esc(locale)}" data-copy="${esc(words.copy)}" data-copied="${esc(words.copied)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${esc(title)}</title>
${page.description ? `<meta name="description" content="${esc(page.description)}">` : ''}
${head(site, page)}
<link rel="icon" href="${esc(site.logoUrl ?? '/favicon.svg')}">
<link rel="stylesheet" href="${assets.styles}">
<link rel="stylesheet" href="${assets.theme}">
<script src="${assets.script}" defer></script>
</head>
<body>
<a class="skip" href="#content">${esc(words.skip)}</a>
<header class="top"><div class="wide">${brand(site, name)}${page.seekInTop ? seekForm(site, page.asked ?? '') : ''}</div></header>
<main id="content" class="wide">
${page.content}
</main>
${foot(site, page)}
</body>
</html>
`
}

function head({ publicUrl }: Site, { canonical, alternates, title, description }: Shell): string {
  if (canonical === null) return '<meta name="robots" content="noindex">'
  const links = alternates.map(
    ({ locale, path }) =>
      `<link rel="alternate" hreflang="${esc(locale)}" href="${esc(encodeURI(`${publicUrl}${path}`))}">`,
  )
  const url = esc(encodeURI(`${publicUrl}${canonical}`))
  return [
    `<link rel="canonical" href="${url}">`,
    ...links,
    `<meta property="og:title" content="${esc(title)}">`,
    `<meta property="og:type" content="article">`,
    `<meta property="og:url" content="${url}">`,
    ...(description ? [`<meta property="og:description" content="${esc(description)}">`] : []),
  ].join('\n')
}

function brand({ settings, locale, logoUrl }: Site, name: string): string {
  const logo = logoUrl === null ? '' : `<img src="${esc(logoUrl)}" alt="">`
  return `<a class="brand" href="${esc(settings.homeUrl ?? `/help/${locale}`)}">${logo}<span>${esc(name)}</span></a>`
}

export function seekForm({ locale, words }: Site, asked: string): string {
  return `<div class="seeking"><form class="seek" role="search" action="/help/${esc(locale)}/search"><input type="search" name="q" value="${esc(asked)}" required maxlength="200" placeholder="${esc(words.searchHint)}" aria-label="${esc(words.searchHint)}" autocomplete="off"><button>${esc(words.search)}</button></form></div>`
}

/** '': there is no form. */
export function contactLink({ hasContact, locale }: Site, words: 'title' | 'stuck'): string {
  if (!hasContact) return ''
  return `<a class="write" href="/help/${esc(locale)}/contact">${esc(contactWords(locale)[words])}</a>`
}

function foot(site: Site, page: Shell): string {
  const write = contactLink(site, 'title')
  const languages = site.locales.length < 2 ? '' : languageList(site, page)
  if (write === '' && languages === '') return ''
  return `<footer class="foot"><div class="wide">${write}${languages}</div></footer>`
}

function languageList(site: Site, { alternates }: Shell): string {
  const items = site.locales.map((locale) => {
    const path = alternates.find((one) => one.locale === locale)?.path ?? `/help/${locale}`
    const here = locale === site.locale ? ' aria-current="true"' : ''
    return `<li><a href="${esc(path)}" lang="${esc(locale)}" hreflang="${esc(locale)}"${here}>${esc(languageName(locale))}</a></li>`
  })
  return `<nav aria-label="${esc(site.words.languages)}"><ul>${items.join('')}</ul></nav>`
}
