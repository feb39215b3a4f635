import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { ChevronLeft } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Article } from '../../../../src/wire/article.ts'
import { Button } from '../../components/button.tsx'
import { ListSkeleton } from '../../components/skeleton.tsx'
import { useTitle } from '../../components/use-title.ts'
import {
  articleQuery,
  localeName,
  nameIn,
  offeredLocales,
  useCategories,
  useMayWriteArticles,
} from '../../data/articles.ts'
import { useApi } from '../../data/services.ts'
import { ConfirmButton } from '../settings/confirm-button.tsx'
import { TextEditor } from './text-editor.tsx'

export function ArticlePage() {
  const { id } = useParams({ from: '/desk/articles/$id' })
  const article = useQuery(articleQuery(useApi(), id)).data
  return (
    <main className="min-h-0 min-w-0 flex-1 overflow-y-auto border-l border-line bg-surface narrow:border-0">
      <div className="mx-auto flex max-w-[1400px] flex-col gap-4 px-8 py-5 narrow:px-4">
        {article ? <Opened article={article} /> : <ListSkeleton rows={6} />}
      </div>
    </main>
  )
}

function Opened({ article }: { article: Article }) {
  const { t, i18n } = useTranslation()
  const asked = useSearch({ from: '/desk/articles/$id' }).locale
  const locale = asked ?? nameIn(article.texts, i18n.language)?.locale ?? i18n.language
  const text = article.texts.find((one) => one.locale === locale)
  const cache = useQueryClient()
  const show = (next: Article) => {
    cache.setQueryData(['article', article.id], next)
    void cache.invalidateQueries({ queryKey: ['articles'] })
  }
  const title = text?.title ?? nameIn(article.texts, locale)?.title ?? article.slug
  useTitle(title)
  return (
    <>
      <h1 className="sr-only">{title}</h1>
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <Link
          to="/articles"
          search={{ locale }}
          className="-ml-2 inline-flex h-8 items-center gap-1 rounded px-2 text-sm text-soft hover:bg-hover hover:text-text touch:h-11"
        >
          <ChevronLeft className="size-4" />
          {t('articles.back')}
        </Link>
        <span className="flex-1" />
        <ArticleActions article={article} onChange={show} />
      </div>
      <LanguageLine article={article} current={locale} />
      <TextEditor key={`${article.id}:${locale}`} article={article} locale={locale} text={text} onChange={show} />
    </>
  )
}

function LanguageLine({ article, current }: { article: Article; current: string }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  return (
    <div role="tablist" aria-label={t('articles.language')} className="flex gap-1 overflow-x-auto border-b border-line">
      {offeredLocales([article]).map((locale) => {
        const text = article.texts.find((one) => one.locale === locale)
        const mark = text?.outdated ? ` · ${t('articles.outdated')}` : text ? '' : ` · ${t('articles.missing')}`
        return (
          <button
            key={locale}
            type="button"
            role="tab"
            aria-selected={locale === current}
            onClick={() => void navigate({ to: '/articles/$id', params: { id: article.id }, search: { locale } })}
            className={
              locale === current
                ? '-mb-px h-9 border-b-2 border-accent px-3 text-sm font-medium whitespace-nowrap touch:h-11'
                : 'h-9 px-3 text-sm whitespace-nowrap text-soft hover:text-text touch:h-11'
            }
          >
            <span lang={locale}>{localeName(locale)}</span>
            {mark ? <span className={text?.outdated ? 'text-warning' : 'text-faint'}>{mark}</span> : null}
          </button>
        )
      })}
    </div>
  )
}

function ArticleActions({ article, onChange }: { article: Article; onChange: (next: Article) => void }) {
  const { t, i18n } = useTranslation()
  const api = useApi()
  const cache = useQueryClient()
  const navigate = useNavigate()
  const categories = useCategories()
  const mayWrite = useMayWriteArticles()
  if (!mayWrite) return null
  const patch = async (change: object) => onChange(await api.send<Article>('PATCH', `/articles/${article.id}`, change))
  return (
    <>
      <select
        aria-label={t('articles.category')}
        value={article.categoryId}
        onChange={(event) => void patch({ categoryId: event.target.value })}
        className="h-8 rounded border border-control-line bg-raised px-2 text-sm touch:h-11"
      >
        {categories.map((category) => (
          <option key={category.id} value={category.id}>
            {nameIn(category.texts, i18n.language)?.name ?? category.slug}
          </option>
        ))}
      </select>
      <Button onClick={() => void patch({ archived: !article.archived })}>
        {t(article.archived ? 'articles.bringBack' : 'articles.archive')}
      </Button>
      <ConfirmButton
        label={t('articles.delete')}
        question={t('articles.deleteAsk')}
        onConfirm={async () => {
          await api.send('DELETE', `/articles/${article.id}`)
          await cache.invalidateQueries({ queryKey: ['articles'] })
          await navigate({ to: '/articles' })
        }}
      />
    </>
  )
}
