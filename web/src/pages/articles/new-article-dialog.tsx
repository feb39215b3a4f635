import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Article } from '../../../../src/wire/article.ts'
import { Notice } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { SelectField, TextField } from '../../components/field.tsx'
import { nameIn, slugOf, useCategories } from '../../data/articles.ts'
import { useApi } from '../../data/services.ts'
import { useSubmit } from '../../data/use-submit.ts'

interface NewArticleDialogProps {
  open: boolean
  locale: string
  onClose: () => void
}

export function NewArticleDialog({ open, locale, onClose }: NewArticleDialogProps) {
  const { t } = useTranslation()
  return (
    <Dialog open={open} onClose={onClose} title={t('articles.add')}>
      <NewArticleForm locale={locale} />
    </Dialog>
  )
}

function NewArticleForm({ locale }: { locale: string }) {
  const { t, i18n } = useTranslation()
  const api = useApi()
  const cache = useQueryClient()
  const navigate = useNavigate()
  const categories = useCategories()
  const submit = useSubmit(['title', 'slug', 'categoryId'])
  const [slug, setSlug] = useState('')
  const [typed, setTyped] = useState(false)
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={submit.onSubmit(async (form) => {
        const body = {
          title: String(form.get('title')).trim(),
          slug,
          categoryId: String(form.get('categoryId')),
          locale,
        }
        const made = await api.send<Article>('POST', '/articles', body)
        await cache.invalidateQueries({ queryKey: ['articles'] })
        await navigate({ to: '/articles/$id', params: { id: made.id }, search: { locale } })
      })}
    >
      {submit.problem ? <Notice tone="danger">{submit.problem}</Notice> : null}
      <TextField
        label={t('articles.titleField')}
        name="title"
        lang={locale}
        required
        maxLength={200}
        error={submit.problems['title']}
        onChange={(event) => typed || setSlug(slugOf(event.target.value))}
      />
      <TextField
        label={t('articles.address')}
        help={t('articles.addressHelp')}
        name="slug"
        required
        maxLength={100}
        pattern="[a-z0-9]+(-[a-z0-9]+)*"
        value={slug}
        error={submit.problems['slug']}
        onChange={(event) => {
          setTyped(true)
          setSlug(event.target.value)
        }}
      />
      <SelectField
        label={t('articles.category')}
        name="categoryId"
        options={categories.map((one) => ({
          value: one.id,
          label: nameIn(one.texts, i18n.language)?.name ?? one.slug,
        }))}
      />
      <Button look="primary" type="submit" busy={submit.busy} className="self-end">
        {t('articles.add')}
      </Button>
    </form>
  )
}
