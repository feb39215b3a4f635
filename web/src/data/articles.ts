import { queryOptions, useQuery } from '@tanstack/react-query'
import type { Article, ArticleCategory, ArticleText, FoundArticle, ListedArticle } from '../../../src/wire/article.ts'
import type { Api } from './api.ts'
import { everyPage } from './directory.ts'
import { useApi, useDesk } from './services.ts'

export const articlesQuery = (api: Api) =>
  queryOptions<ListedArticle[]>({
    queryKey: ['articles'],
    queryFn: ({ signal }) => everyPage<ListedArticle>(api, '/articles', signal),
  })

export const categoriesQuery = (api: Api) =>
  queryOptions<ArticleCategory[]>({
    queryKey: ['article-categories'],
    queryFn: ({ signal }) => everyPage<ArticleCategory>(api, '/article-categories', signal),
  })

export const articleQuery = (api: Api, id: string) =>
  queryOptions<Article>({
    queryKey: ['article', id],
    queryFn: ({ signal }) => api.get<Article>(`/articles/${id}`, {}, signal),
  })

export const foundArticlesQuery = (api: Api, q: string, locale: string) =>
  queryOptions<FoundArticle[]>({
    queryKey: ['found-articles', q, locale],
    enabled: q.trim() !== '',
    queryFn: async ({ signal }) => {
      const found = await api.get<{ items: FoundArticle[] }>('/articles/search', { q, locale, limit: 12 }, signal)
      return found.items
    },
  })

const none: never[] = []

export function useCategories(): ArticleCategory[] {
  return useQuery(categoriesQuery(useApi())).data ?? none
}

/** Supervisors and administrators. */
export function useMayWriteArticles(): boolean {
  return useDesk().me.agent?.role !== 'agent'
}

/** As its speakers call it. */
export function localeName(locale: string): string {
  const name = new Intl.DisplayNames([locale], { type: 'language' }).of(locale) ?? locale
  return name.charAt(0).toLocaleUpperCase(locale) + name.slice(1)
}

const usual = ['en', 'zh', 'ja', 'ko', 'ru']

/** Languages worth offering: the usual ones, and those in which something is written. */
export function offeredLocales(articles: readonly ListedArticle[]): string[] {
  return [...new Set([...usual, ...articles.flatMap((article) => article.texts.map((text) => text.locale))])]
}

/** In the language of the page where it is there. */
export function nameIn<T extends { readonly locale: string }>(texts: readonly T[], locale: string): T | undefined {
  return texts.find((text) => text.locale === locale) ?? texts.find((text) => text.locale === 'en') ?? texts[0]
}

export interface Written {
  readonly title: string
  readonly summary: string
  readonly body: string
  /** One a line. */
  readonly phrasings: string
  /** With commas between. */
  readonly keywords: string
}

export function writtenOf(text: ArticleText | undefined): Written {
  return {
    title: text?.title ?? '',
    summary: text?.summary ?? '',
    body: text?.body ?? '',
    phrasings: text?.phrasings.join('\n') ?? '',
    keywords: text?.keywords.join(', ') ?? '',
  }
}

export function bodyOf({ title, summary, body, phrasings, keywords }: Written) {
  return {
    title: title.trim(),
    summary: summary.trim(),
    body,
    phrasings: entries(phrasings, '\n'),
    keywords: entries(keywords, /[,，、\n]/),
  }
}

function entries(text: string, between: string | RegExp): string[] {
  return [...new Set(text.split(between).map((one) => one.trim()))].filter((one) => one !== '')
}

/** A word for the address, as far as the title has letters that fit; the rest is for a person. */
export function slugOf(title: string): string {
  return title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 80)
    .replace(/-$/, '')
}
