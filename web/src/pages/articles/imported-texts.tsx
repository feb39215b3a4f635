import { useTranslation } from 'react-i18next'
import type { ArticleImport } from '../../../../src/wire/article-folder.ts'
import { Badge } from '../../components/badge.tsx'

interface ImportedTextsProps {
  found: ArticleImport
  title: string
}

/** What an import does, or would do, to each text: what it refuses first, as only that wants somebody. */
export function ImportedTexts({ found, title }: ImportedTextsProps) {
  const { t } = useTranslation()
  const count = (done: string) => found.texts.filter((text) => text.done === done).length
  const moved = found.texts.filter((text) => text.done !== 'unchanged')
  return (
    <section className="flex flex-col gap-3">
      <div role="status" className="flex flex-wrap items-center gap-2">
        <h3 className="pr-1 text-sm font-semibold">{title}</h3>
        <Badge tone="success">{t('articles.import.added', { count: count('added') })}</Badge>
        <Badge tone="info">{t('articles.import.changed', { count: count('changed') })}</Badge>
        <Badge>{t('articles.import.unchanged', { count: count('unchanged') })}</Badge>
        {found.faults.length > 0 ? (
          <Badge tone="danger">{t('articles.import.faults', { count: found.faults.length })}</Badge>
        ) : null}
      </div>
      {found.faults.length > 0 ? (
        <ul aria-label={t('articles.import.leftOut')} className="flex flex-col gap-1 text-sm">
          {found.faults.map((fault) => (
            <li key={fault} className="rounded bg-danger-soft px-3 py-1.5 break-words text-danger">
              {fault}
            </li>
          ))}
        </ul>
      ) : null}
      {moved.length > 0 ? (
        <ul
          aria-label={title}
          className="flex max-h-72 flex-col divide-y divide-line overflow-y-auto rounded border border-line text-sm"
        >
          {moved.map(({ path, locale, title: name, done }) => (
            <li key={path} className="flex flex-wrap items-center gap-x-3 px-3 py-1.5">
              <span lang={locale} className="min-w-40 flex-1">
                {name}
              </span>
              <code className="font-mono text-xs break-all text-faint">{path}</code>
              <Badge tone={done === 'added' ? 'success' : 'info'}>
                {t(done === 'added' ? 'articles.import.addedOne' : 'articles.import.changedOne')}
              </Badge>
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  )
}
