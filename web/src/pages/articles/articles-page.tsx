import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { BookOpen, Download, ExternalLink, Plus, Upload } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ArticleCategory, ListedArticle } from '../../../../src/wire/article.ts'
import { Button } from '../../components/button.tsx'
import { Empty } from '../../components/empty.tsx'
import { ListSkeleton } from '../../components/skeleton.tsx'
import { useTitle } from '../../components/use-title.ts'
import {
  articlesQuery,
  localeName,
  nameIn,
  offeredLocales,
  useCategories,
  useMayWriteArticles,
} from '../../data/articles.ts'
import { useApi } from '../../data/services.ts'
import { CategoryDialog } from './category-dialog.tsx'
import { ImportDialog } from './import-dialog.tsx'
import { NewArticleDialog } from './new-article-dialog.tsx'
import { TextMarks } from './text-marks.tsx'

const headLink =
  'inline-flex h-8 items-center gap-1.5 rounded px-2 text-sm text-soft hover:bg-hover hover:text-text touch:h-11'

/** Everything written for customers, by category, in the language one works on. */
export function ArticlesPage() {
  const { t, i18n } = useTranslation()
  useTitle(t('articles.title'))
  const locale = useSearch({ from: '/desk/articles' }).locale ?? i18n.language
  const navigate = useNavigate()
  const articles = useQuery(articlesQuery(useApi()))
  const categories = useCategories()
  const mayWrite = useMayWriteArticles()
  const [dialog, setDialog] = useState<'article' | 'import' | ArticleCategory | 'category' | null>(null)
  const list = articles.data ?? []
  return (
    <main className="min-h-0 min-w-0 flex-1 overflow-y-auto border-l border-line bg-surface narrow:border-0">
      <div className="mx-auto flex max-w-4xl flex-col gap-6 px-8 py-8 narrow:px-4 narrow:py-5">
        <header className="flex flex-wrap items-start gap-x-3 gap-y-3">
          <div className="min-w-60 flex-1">
            <h1 className="text-xl font-semibold tracking-tight">{t('articles.title')}</h1>
            <p className="pt-1 text-soft">{t('articles.lead')}</p>
          </div>
          <a href={`/help/${locale}`} target="_blank" rel="noreferrer" className={headLink}>
            <ExternalLink className="size-4" />
            {t('articles.public')}
          </a>
          {mayWrite ? (
            <>
              <Button look="quiet" onClick={() => setDialog('import')}>
                <Upload className="size-4" />
                {t('articles.importFolder')}
              </Button>
              <a href="/api/v1/articles/export" download className={headLink}>
                <Download className="size-4" />
                {t('articles.export')}
              </a>
              <Button onClick={() => setDialog('category')}>{t('articles.addCategory')}</Button>
              <Button look="primary" disabled={categories.length === 0} onClick={() => setDialog('article')}>
                <Plus className="size-4" />
                {t('articles.add')}
              </Button>
            </>
          ) : null}
        </header>
        <LocaleTabs
          locales={offeredLocales(list)}
          current={locale}
          onChoose={(chosen) => void navigate({ to: '/articles', search: { locale: chosen } })}
        />
        {articles.isPending ? <ListSkeleton rows={6} /> : null}
        {articles.data && categories.length === 0 ? <Empty icon={<BookOpen />} title={t('articles.empty')} /> : null}
        {categories.map((category) => (
          <CategorySection
            key={category.id}
            category={category}
            articles={list.filter((article) => article.categoryId === category.id)}
            locale={locale}
            {...(mayWrite && { onEdit: () => setDialog(category) })}
          />
        ))}
      </div>
      <NewArticleDialog open={dialog === 'article'} locale={locale} onClose={() => setDialog(null)} />
      <ImportDialog open={dialog === 'import'} onClose={() => setDialog(null)} />
      <CategoryDialog
        open={dialog === 'category' || (typeof dialog === 'object' && dialog !== null)}
        category={typeof dialog === 'object' ? dialog : null}
        locales={offeredLocales(list)}
        onClose={() => setDialog(null)}
      />
    </main>
  )
}

interface LocaleTabsProps {
  locales: readonly string[]
  current: string
  onChoose: (locale: string) => void
}

function LocaleTabs({ locales, current, onChoose }: LocaleTabsProps) {
  const { t } = useTranslation()
  return (
    <div role="tablist" aria-label={t('articles.language')} className="flex gap-1 overflow-x-auto border-b border-line">
      {locales.map((locale) => (
        <button
          key={locale}
          type="button"
          role="tab"
          aria-selected={locale === current}
          lang={locale}
          onClick={() => onChoose(locale)}
          className={
            locale === current
              ? '-mb-px h-9 border-b-2 border-accent px-3 text-sm font-medium whitespace-nowrap touch:h-11'
              : 'h-9 px-3 text-sm whitespace-nowrap text-soft hover:text-text touch:h-11'
          }
        >
          {localeName(locale)}
        </button>
      ))}
    </div>
  )
}

interface CategorySectionProps {
  category: ArticleCategory
  articles: readonly ListedArticle[]
  locale: string
  onEdit?: () => void
}

function CategorySection({ category, articles, locale, onEdit }: CategorySectionProps) {
  const { t } = useTranslation()
  const sorted = [...articles].sort((a, b) => a.position - b.position || Number(a.id) - Number(b.id))
  return (
    <section className="flex flex-col gap-2">
      <div className="flex items-center gap-2">
        <h2 className="flex-1 font-semibold">{nameIn(category.texts, locale)?.name ?? category.slug}</h2>
        {onEdit ? (
          <Button look="quiet" onClick={onEdit}>
            {t('common.edit')}
          </Button>
        ) : null}
      </div>
      {sorted.length === 0 ? <p className="text-sm text-faint">{t('articles.emptyCategory')}</p> : null}
      {sorted.length > 0 ? (
        <ul className="flex flex-col divide-y divide-line rounded-lg border border-line">
          {sorted.map((article) => (
            <ArticleLine key={article.id} article={article} locale={locale} />
          ))}
        </ul>
      ) : null}
    </section>
  )
}

function ArticleLine({ article, locale }: { article: ListedArticle; locale: string }) {
  const { t } = useTranslation()
  const text = article.texts.find((one) => one.locale === locale)
  const shown = text ?? nameIn(article.texts, locale)
  return (
    <li>
      <Link
        to="/articles/$id"
        params={{ id: article.id }}
        search={{ locale }}
        className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2 hover:bg-hover"
      >
        <span
          className={text ? 'min-w-40 flex-1 text-sm font-medium' : 'min-w-40 flex-1 text-sm text-soft'}
          lang={shown?.locale}
        >
          {shown?.title ?? article.slug}
        </span>
        {text ? <TextMarks text={text} /> : <span className="text-xs text-faint">{t('articles.missing')}</span>}
      </Link>
    </li>
  )
}
