import { helpWords } from '../../domain/help-words.ts'
import type { ArticleHtml, Heading } from '../../help/article-html.ts'
import type { PublicArticle, PublicCategory, PublicTitle } from '../../store/article-public.ts'
import type { HelpHit } from '../help-search.ts'
import { contactLink, esc, nameOf, type Site, seekForm, shell } from './layout.ts'

const onCard = 5

const everywhere = (site: Site, rest = '') => site.locales.map((locale) => ({ locale, path: `/help/${locale}${rest}` }))

export function homePage(site: Site, categories: readonly PublicCategory[], titles: readonly PublicTitle[]): string {
  const filled = categories.flatMap((category) => {
    const own = titles.filter((title) => title.categoryId === category.id)
    return own.length > 0 ? [categoryCard(site, category, own)] : []
  })
  const cards =
    filled.length > 0
      ? `<ul class="cards">${filled.join('')}</ul>`
      : `<p class="lead">${esc(site.words.nothingYet)}</p>`
  return shell(site, {
    title: nameOf(site),
    description: '',
    canonical: `/help/${site.locale}`,
    alternates: everywhere(site),
    seekInTop: false,
    content: `<div class="hero"><h1>${esc(nameOf(site))}</h1>${seekForm(site, '')}</div>${cards}`,
  })
}

function categoryCard(site: Site, category: PublicCategory, titles: readonly PublicTitle[]): string {
  const path = `/help/${site.locale}/${category.slug}`
  const items = titles.slice(0, onCard).map((title) => `<li>${titleLink(site, title)}</li>`)
  const more =
    titles.length > onCard ? `<p class="more"><a href="${esc(path)}">${esc(site.words.all(titles.length))}</a></p>` : ''
  const about = category.description ? `<p>${esc(category.description)}</p>` : ''
  return `<li class="card"><h2><a href="${esc(path)}">${esc(category.name)}</a></h2>${about}<ul class="plain">${items.join('')}</ul>${more}</li>`
}

function titleLink(site: Site, title: Pick<PublicTitle, 'slug' | 'locale' | 'title'>): string {
  return `<a href="/help/${esc(site.locale)}/${esc(title.slug)}"${langOf(site, title.locale)}>${esc(title.title)}</a>`
}

/** Words in another language than the page around them are read out in their own. */
function langOf(site: Site, locale: string): string {
  return locale === site.locale ? '' : ` lang="${esc(locale)}"`
}

export function categoryPage(site: Site, category: PublicCategory, titles: readonly PublicTitle[]): string {
  const lead = category.description ? `<p class="lead">${esc(category.description)}</p>` : ''
  return shell(site, {
    title: category.name,
    description: category.description,
    canonical: `/help/${site.locale}/${category.slug}`,
    alternates: everywhere(site, `/${category.slug}`),
    seekInTop: true,
    content: `${trail(site)}<div class="list"><h1>${esc(category.name)}</h1>${lead}${titleList(site, titles)}</div>`,
  })
}

function titleList(site: Site, titles: readonly Pick<PublicTitle, 'slug' | 'locale' | 'title' | 'summary'>[]): string {
  const items = titles.map((title) => {
    const summary = title.summary ? `<p${langOf(site, title.locale)}>${esc(title.summary)}</p>` : ''
    return `<li>${titleLink(site, title)}${summary}</li>`
  })
  return items.length > 0 ? `<ul class="plain">${items.join('')}</ul>` : `<p>${esc(site.words.nothingYet)}</p>`
}

function trail(site: Site, category?: PublicCategory): string {
  const parts = [`<a href="/help/${esc(site.locale)}">${esc(nameOf(site))}</a>`]
  if (category) parts.push(`<a href="/help/${esc(site.locale)}/${esc(category.slug)}">${esc(category.name)}</a>`)
  return `<p class="trail">${parts.join('<span aria-hidden="true">›</span>')}</p>`
}

export function searchPage(site: Site, asked: string, hits: readonly HelpHit[]): string {
  const { words } = site
  const found = hits.length > 0 ? titleList(site, hits) : asked ? `<p>${esc(words.nothing(asked))}</p>` : ''
  const title = asked ? words.results(asked) : words.search
  return shell(site, {
    title,
    description: '',
    canonical: null,
    alternates: [],
    seekInTop: false,
    content: `${trail(site)}<div class="list"><h1>${esc(title)}</h1>${seekForm(site, asked)}${found}</div>`,
  })
}

export function missingPage(site: Site): string {
  const { words } = site
  return shell(site, {
    title: words.missing,
    description: '',
    canonical: null,
    alternates: [],
    seekInTop: true,
    content: `<div class="gone"><h1>${esc(words.missing)}</h1><p>${esc(words.missingMeans)}</p><p><a href="/help/${esc(site.locale)}">${esc(words.home)}</a></p></div>`,
  })
}

export interface ArticlePage {
  readonly article: PublicArticle
  readonly category: PublicCategory | undefined
  readonly text: ArticleHtml
  /** What this visitor has just said of it. */
  readonly said: 'yes' | 'no' | null
}

export function articlePage(site: Site, page: ArticlePage): string {
  const { article, category, text, said } = page
  const { words } = site
  const contents = text.headings.filter((heading) => heading.depth <= 3)
  const stands = article.locale === site.locale
  const body = [
    trail(site, category),
    `<article class="page${contents.length < 3 ? ' alone' : ''}"${langOf(site, article.locale)}>`,
    '<header>',
    stands ? '' : `<p class="note" lang="${esc(site.locale)}">${esc(words.fallback)}</p>`,
    `<h1>${esc(article.title)}</h1>`,
    article.summary ? `<p class="lead">${esc(article.summary)}</p>` : '',
    `<p class="when">${esc(helpWords(article.locale).updated)} ${dateOf(article)}</p>`,
    '</header>',
    contents.length < 3 ? '' : tableOfContents(site, article.locale, contents),
    `<div class="text">${text.html}</div>`,
    '</article>',
    question(site, article, said),
  ]
  return shell(site, {
    title: article.title,
    description: article.summary,
    // What stands in for a language is the other language's page.
    canonical: said === null ? `/help/${article.locale}/${article.slug}` : null,
    alternates: article.locales.map((locale) => ({ locale, path: `/help/${locale}/${article.slug}` })),
    seekInTop: true,
    content: body.join('\n'),
  })
}

function dateOf({ publishedAt, locale }: PublicArticle): string {
  const shown = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(publishedAt)
  return `<time datetime="${publishedAt.toISOString().slice(0, 10)}">${esc(shown)}</time>`
}

function tableOfContents(site: Site, locale: string, headings: readonly Heading[]): string {
  const items = headings.map(
    ({ depth, id, text }) => `<li class="d${depth}"><a href="#${esc(encodeURIComponent(id))}">${esc(text)}</a></li>`,
  )
  return `<nav class="toc" aria-labelledby="toc" lang="${esc(site.locale)}"><h2 id="toc">${esc(site.words.contents)}</h2><ul class="plain"${langOf(site, locale)}>${items.join('')}</ul></nav>`
}

function question(site: Site, { slug }: PublicArticle, said: ArticlePage['said']): string {
  const { words } = site
  if (said !== null) {
    return `<section id="helpful" class="ask"><p role="status">${esc(said === 'yes' ? words.thanks : words.sorry)}</p>${said === 'no' ? contactLink(site, 'stuck') : ''}</section>`
  }
  const action = `/help/${esc(site.locale)}/${esc(slug)}/feedback`
  return `<section id="helpful" class="ask"><h2>${esc(words.helpful)}</h2><form method="post" action="${action}"><button name="helpful" value="yes">${esc(words.yes)}</button><button name="helpful" value="no">${esc(words.no)}</button></form></section>`
}
