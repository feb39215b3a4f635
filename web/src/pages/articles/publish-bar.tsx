import { ExternalLink, History } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Article, ArticleText } from '../../../../src/wire/article.ts'
import { Notice } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import type { Autosave } from '../../data/autosave.ts'
import { useApi } from '../../data/services.ts'
import { useSubmit } from '../../data/use-submit.ts'
import { HistoryDialog } from './history-dialog.tsx'
import { TextMarks } from './text-marks.tsx'

interface PublishBarProps {
  article: Article
  locale: string
  text: ArticleText | undefined
  autosave: Autosave
  onChange: (next: Article) => void
  onRestored: () => Promise<void>
}

/** How a text stands, and the one button that makes it public. */
export function PublishBar({ article, locale, text, autosave, onChange, onRestored }: PublishBarProps) {
  const { t } = useTranslation()
  const api = useApi()
  const submit = useSubmit()
  const [minor, setMinor] = useState(false)
  const [history, setHistory] = useState(false)
  const path = `/articles/${article.id}/texts/${locale}`
  const does = (what: string, body?: object) =>
    submit.run(async () => {
      await autosave.flush()
      onChange(await api.send<Article>('POST', `${path}/${what}`, body))
      setMinor(false)
    })
  const published = text?.state === 'published'
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        {text ? <TextMarks text={text} /> : null}
        {text && (text.feedback.helpful > 0 || text.feedback.unhelpful > 0) ? (
          <span className="text-xs text-faint">{t('articles.feedback', text.feedback)}</span>
        ) : null}
        <span role="status" className={autosave.state === 'failed' ? 'text-xs text-danger' : 'text-xs text-faint'}>
          {text || autosave.state !== 'saved' ? t(`articles.save.${autosave.state}`) : ''}
        </span>
        <span className="flex-1" />
        {text?.url ? (
          <a
            href={new URL(text.url).pathname}
            target="_blank"
            rel="noreferrer"
            className="inline-flex h-8 items-center gap-1.5 rounded px-2 text-sm text-soft hover:bg-hover hover:text-text touch:h-11"
          >
            <ExternalLink className="size-4" />
            {t('articles.open')}
          </a>
        ) : null}
        <Button look="quiet" disabled={!text} onClick={() => setHistory(true)}>
          <History className="size-4" />
          {t('articles.history')}
        </Button>
        {published ? (
          <Button look="quiet" onClick={() => void does('unpublish')}>
            {t('articles.unpublish')}
          </Button>
        ) : null}
        <Button
          look="primary"
          busy={submit.busy}
          disabled={article.archived || (published && !text.changed && !text.outdated && autosave.state === 'saved')}
          onClick={() => void does('publish', { minor })}
        >
          {t('articles.publish')}
        </Button>
      </div>
      {published && !text.outdated && article.texts.length > 1 ? (
        <label className="flex items-center gap-2 self-end text-sm text-soft">
          <input
            type="checkbox"
            className="size-4 accent-accent"
            checked={minor}
            onChange={(event) => setMinor(event.target.checked)}
          />
          {t('articles.minor')}
        </label>
      ) : null}
      {text?.outdated ? (
        <Notice tone="warning">
          <span className="flex-1">{t('articles.currentHelp')}</span>
          <Button onClick={() => void does('current')}>{t('articles.current')}</Button>
        </Notice>
      ) : null}
      {submit.problem ? <Notice tone="danger">{submit.problem}</Notice> : null}
      <HistoryDialog
        open={history}
        path={path}
        text={text}
        onClose={() => setHistory(false)}
        onRestored={async () => {
          setHistory(false)
          await onRestored()
        }}
      />
    </div>
  )
}
