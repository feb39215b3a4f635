import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ArticleCategory } from '../../../../src/wire/article.ts'
import { Notice } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { TextField } from '../../components/field.tsx'
import { localeName, slugOf } from '../../data/articles.ts'
import { useApi } from '../../data/services.ts'
import { useSubmit } from '../../data/use-submit.ts'
import { ConfirmButton } from '../settings/confirm-button.tsx'

interface CategoryDialogProps {
  open: boolean
  /** null: a new one. */
  category: ArticleCategory | null
  locales: readonly string[]
  onClose: () => void
}

export function CategoryDialog({ open, category, locales, onClose }: CategoryDialogProps) {
  const { t } = useTranslation()
  return (
    <Dialog open={open} onClose={onClose} title={t(category ? 'articles.edit' : 'articles.addCategory')}>
      <CategoryForm key={category?.id} category={category} locales={locales} onDone={onClose} />
    </Dialog>
  )
}

interface CategoryFormProps {
  category: ArticleCategory | null
  locales: readonly string[]
  onDone: () => void
}

function CategoryForm({ category, locales, onDone }: CategoryFormProps) {
  const { t } = useTranslation()
  const api = useApi()
  const cache = useQueryClient()
  const submit = useSubmit(['slug'])
  const [slug, setSlug] = useState(category?.slug ?? '')
  const refresh = () => cache.invalidateQueries({ queryKey: ['article-categories'] })
  const textOf = (locale: string) => category?.texts.find((text) => text.locale === locale)
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={submit.onSubmit(async (form) => {
        const texts = locales
          .map((locale) => ({
            locale,
            name: String(form.get(`name-${locale}`)).trim(),
            description: textOf(locale)?.description ?? '',
          }))
          .filter(({ name }) => name !== '')
        const body = { slug, texts, position: Number(form.get('position')) || 0 }
        await (category
          ? api.send('PATCH', `/article-categories/${category.id}`, body)
          : api.send('POST', '/article-categories', body))
        await refresh()
        onDone()
      })}
    >
      {submit.problem ? <Notice tone="danger">{submit.problem}</Notice> : null}
      {locales.map((locale, at) => (
        <TextField
          key={locale}
          label={t('articles.categoryName', { language: localeName(locale) })}
          name={`name-${locale}`}
          lang={locale}
          defaultValue={textOf(locale)?.name ?? ''}
          required={at === 0}
          maxLength={200}
          onChange={(event) => at === 0 && !category && setSlug(slugOf(event.target.value))}
        />
      ))}
      <TextField
        label={t('articles.address')}
        help={t('articles.addressHelp')}
        value={slug}
        onChange={(event) => setSlug(event.target.value)}
        required
        maxLength={100}
        pattern="[a-z0-9]+(-[a-z0-9]+)*"
        error={submit.problems['slug']}
      />
      <input type="hidden" name="position" value={category?.position ?? 0} />
      <div className="flex justify-end gap-2">
        {category ? (
          <ConfirmButton
            label={t('articles.delete')}
            question={t('articles.deleteCategoryAsk', { name: category.texts[0]?.name ?? category.slug })}
            onConfirm={async () => {
              await api.send('DELETE', `/article-categories/${category.id}`)
              await refresh()
              onDone()
            }}
          />
        ) : null}
        <Button look="primary" type="submit" busy={submit.busy}>
          {t('common.save')}
        </Button>
      </div>
    </form>
  )
}
