import { lazy, Suspense, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Article, ArticleText } from '../../../../src/wire/article.ts'
import type { StoredFile } from '../../../../src/wire/file.ts'
import { Notice } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { cx } from '../../components/cx.ts'
import { TextArea, TextField } from '../../components/field.tsx'
import { ApiError } from '../../data/api.ts'
import { bodyOf, useMayWriteArticles, type Written, writtenOf } from '../../data/articles.ts'
import { type Autosave, useAutosave } from '../../data/autosave.ts'
import { useApi } from '../../data/services.ts'
import { PreviewPane } from './preview-pane.tsx'
import { PublishBar } from './publish-bar.tsx'
import { addressOf, useDroppedFiles } from './use-dropped-files.ts'

const ArticlePreview = lazy(() =>
  import('./article-preview.tsx').then((module) => ({ default: module.ArticlePreview })),
)

interface TextEditorProps {
  article: Article
  locale: string
  /** undefined: not there yet; it begins with the first word. */
  text: ArticleText | undefined
  onChange: (next: Article) => void
}

/** What is written is kept a second after the last key; the public sees it when it is published. */
export function TextEditor({ article, locale, text, onChange }: TextEditorProps) {
  const { t } = useTranslation()
  const api = useApi()
  const mayWrite = useMayWriteArticles()
  const [writing, setWriting] = useState<Written>(() => writtenOf(text))
  const [fresh, setFresh] = useState<readonly StoredFile[]>([])
  const rev = useRef(text?.rev ?? 0)
  const now = useRef(writing)
  now.current = writing
  const path = `/articles/${article.id}/texts/${locale}`
  const take = (next: Article) => {
    rev.current = next.texts.find((one) => one.locale === locale)?.rev ?? 0
    onChange(next)
  }
  const autosave = useAutosave(async () => {
    if (now.current.title.trim() === '') return
    take(await api.send<Article>('PUT', path, { ...bodyOf(now.current), basedOn: rev.current }))
  })
  const change = (part: Partial<Written>) => {
    setWriting((old) => ({ ...old, ...part }))
    autosave.changed()
  }
  const reload = async () => {
    const next = await api.get<Article>(`/articles/${article.id}`)
    setWriting(writtenOf(next.texts.find((one) => one.locale === locale)))
    take(next)
  }
  const files = useMemo(
    () => new Map([...article.files, ...fresh].map((file) => [addressOf(file), { type: file.type, url: file.url }])),
    [article.files, fresh],
  )
  return (
    <>
      {mayWrite ? (
        <PublishBar
          article={article}
          locale={locale}
          text={text}
          autosave={autosave}
          onChange={take}
          onRestored={reload}
        />
      ) : null}
      <SaveProblem autosave={autosave} onReload={reload} />
      <div className="grid items-start gap-8 lg:grid-cols-2">
        <fieldset disabled={!mayWrite} className="flex min-w-0 flex-col gap-4">
          <TextField
            label={t('articles.titleField')}
            lang={locale}
            value={writing.title}
            maxLength={200}
            onChange={(event) => change({ title: event.target.value })}
          />
          <TextField
            label={t('articles.summary')}
            help={t('articles.summaryHelp')}
            lang={locale}
            value={writing.summary}
            maxLength={500}
            onChange={(event) => change({ summary: event.target.value })}
          />
          <BodyField
            locale={locale}
            value={writing.body}
            onChange={(edit) => {
              setWriting((old) => ({ ...old, body: edit(old.body) }))
              autosave.changed()
            }}
            onStored={(file) => setFresh((old) => [...old, file])}
          />
          <TextArea
            label={t('articles.phrasings')}
            help={t('articles.phrasingsHelp')}
            lang={locale}
            rows={6}
            value={writing.phrasings}
            onChange={(event) => change({ phrasings: event.target.value })}
          />
          <TextField
            label={t('articles.keywords')}
            help={t('articles.keywordsHelp')}
            lang={locale}
            value={writing.keywords}
            onChange={(event) => change({ keywords: event.target.value })}
          />
        </fieldset>
        <PreviewPane locale={locale}>
          <Suspense fallback={null}>
            <ArticlePreview title={writing.title} summary={writing.summary} body={writing.body} files={files} />
          </Suspense>
        </PreviewPane>
      </div>
    </>
  )
}

function SaveProblem({ autosave, onReload }: { autosave: Autosave; onReload: () => Promise<void> }) {
  const { t } = useTranslation()
  if (autosave.state !== 'failed') return null
  const { error } = autosave
  const stale = error instanceof ApiError && error.status === 409
  return (
    <Notice tone="danger">
      <span className="flex-1">
        {stale
          ? t('articles.conflict')
          : error instanceof ApiError && error.status > 0
            ? error.message
            : t('error.offline')}
      </span>
      {stale ? <Button onClick={() => void onReload()}>{t('articles.reload')}</Button> : null}
    </Notice>
  )
}

interface BodyFieldProps {
  locale: string
  value: string
  onChange: (edit: (body: string) => string) => void
  onStored: (file: StoredFile) => void
}

function BodyField({ locale, value, onChange, onStored }: BodyFieldProps) {
  const { t } = useTranslation()
  const box = useRef<HTMLTextAreaElement>(null)
  const files = useDroppedFiles({ box, change: onChange, onStored })
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor="article-body" className="text-sm font-medium">
        {t('articles.text')}
      </label>
      <textarea
        id="article-body"
        ref={box}
        lang={locale}
        dir="auto"
        rows={22}
        value={value}
        maxLength={100_000}
        aria-describedby="article-body-help"
        onChange={(event) => {
          const { value: next } = event.target
          onChange(() => next)
        }}
        className={cx(
          'w-full resize-y rounded border border-control-line bg-raised px-3 py-2 font-mono text-sm leading-relaxed',
          files.dropping && 'ring-2 ring-focus',
        )}
        {...files.props}
      />
      <p id="article-body-help" className="text-xs text-faint" aria-live="polite">
        {files.dropping
          ? t('articles.drop')
          : files.uploading.length > 0
            ? t('articles.uploading', { name: files.uploading[0] ?? '' })
            : t('articles.textHelp')}
      </p>
    </div>
  )
}
