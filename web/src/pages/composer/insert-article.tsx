import { useQuery } from '@tanstack/react-query'
import { BookOpen } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ArticleVersion, FoundArticle } from '../../../../src/wire/article.ts'
import { Button, IconButton } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { SelectField, TextField } from '../../components/field.tsx'
import { articlesQuery, foundArticlesQuery, localeName, offeredLocales } from '../../data/articles.ts'
import { useApi } from '../../data/services.ts'
import { askComposer } from './ask-composer.ts'

/** Finds a published article and puts a link to it, or its words, into what is being written. */
export function InsertArticle() {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  return (
    <>
      <IconButton label={t('articles.insert')} onClick={() => setOpen(true)}>
        <BookOpen className="size-4" />
      </IconButton>
      <Dialog open={open} onClose={() => setOpen(false)} title={t('articles.insert')} width="max-w-xl">
        <Picker
          onChosen={(text) => {
            setOpen(false)
            askComposer({ text })
          }}
        />
      </Dialog>
    </>
  )
}

function Picker({ onChosen }: { onChosen: (text: string) => void }) {
  const { t, i18n } = useTranslation()
  const api = useApi()
  const [q, setQ] = useState('')
  const [locale, setLocale] = useState(i18n.language.startsWith('zh') ? 'zh' : 'en')
  const articles = useQuery(articlesQuery(api)).data ?? []
  const asked = useDeferredValue(q)
  const found = useQuery({ ...foundArticlesQuery(api, asked, locale), placeholderData: (old) => old }).data
  const insertText = async ({ id, locale: own, url }: FoundArticle) => {
    const versions = await api.get<{ items: ArticleVersion[] }>(`/articles/${id}/texts/${own}/versions`)
    const { origin } = new URL(url)
    // Customers read what is public, and an address of ours without a host leads nowhere in a message.
    onChosen(
      (versions.items.find((version) => version.current)?.body ?? '').replaceAll('](/help/', `](${origin}/help/`),
    )
  }
  return (
    <div className="flex flex-col gap-3">
      <div className="flex gap-2">
        <TextField
          label={t('articles.search')}
          type="search"
          className="flex-1"
          value={q}
          maxLength={1_000}
          onChange={(event) => setQ(event.target.value)}
        />
        <SelectField
          label={t('articles.language')}
          value={locale}
          onChange={(event) => setLocale(event.target.value)}
          options={offeredLocales(articles).map((one) => ({ value: one, label: localeName(one) }))}
        />
      </div>
      {q.trim() !== '' && found?.length === 0 ? <p className="text-sm text-soft">{t('articles.noneFound')}</p> : null}
      <ul className="flex flex-col divide-y divide-line">
        {(q.trim() === '' ? [] : (found ?? [])).map((one) => (
          <li key={one.id} className="flex flex-wrap items-center gap-2 py-2.5">
            <span className="min-w-52 flex-1" lang={one.locale}>
              <span className="block text-sm font-medium">{one.title}</span>
              <span className="block text-xs text-faint">{one.summary || one.category}</span>
            </span>
            <Button onClick={() => onChosen(`[${one.title.replace(/[[\]\\]/g, '\\$&')}](${one.url})`)}>
              {t('articles.insertLink')}
            </Button>
            <Button look="quiet" onClick={() => void insertText(one)}>
              {t('articles.insertText')}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  )
}
