import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Topic } from '../../../../../src/wire/topic.ts'
import { Notice } from '../../../components/badge.tsx'
import { Button } from '../../../components/button.tsx'
import { CheckField, SelectField, TextField } from '../../../components/field.tsx'
import { Skeleton } from '../../../components/skeleton.tsx'
import { articlesQuery, localeName, offeredLocales, useMayWriteArticles } from '../../../data/articles.ts'
import { type FormDraft, formBodyOf, formDraftOf, moved, newField } from '../../../data/form-draft.ts'
import { formsQuery } from '../../../data/forms.ts'
import { topicsQuery } from '../../../data/routing.ts'
import { useApi, useGround } from '../../../data/services.ts'
import { useSubmit } from '../../../data/use-submit.ts'
import { NotFound } from '../../page-problem.tsx'
import { startingWith } from '../rules/condition-groups.tsx'
import { Section, SettingsPage } from '../settings-page.tsx'
import { FieldCard } from './field-card.tsx'
import { FormPreview } from './form-preview.tsx'

const mostFields = 12

export function FormPage() {
  const { id } = useParams({ from: '/desk/settings/topics/$id' })
  const api = useApi()
  const topics = useQuery(topicsQuery(api)).data
  const forms = useQuery(formsQuery(api)).data
  if (!topics || !forms) return <Skeleton className="m-8 h-40" />
  const topic = topics.find((one) => one.id === id)
  const form = forms.find((one) => one.topicId === id) ?? null
  return topic ? <Editor key={id} topic={topic} initial={formDraftOf(form)} /> : <NotFound />
}

function Editor({ topic, initial }: { topic: Topic; initial: FormDraft }) {
  const { t, i18n } = useTranslation()
  const articles = useQuery(articlesQuery(useApi())).data ?? []
  const locales = [...new Set([...offeredLocales(articles), 'en', 'zh', 'ja', 'ko', 'ru'])]
  const [locale, setLocale] = useState(i18n.language.split('-')[0] ?? 'en')
  const [draft, setDraft] = useState(initial)
  const mayWrite = useMayWriteArticles()
  const change = (part: Partial<FormDraft>) => setDraft((old) => ({ ...old, ...part }))
  const { submit, save } = useSave(topic)
  const { fields } = draft
  const named = localeName(locale)
  return (
    <SettingsPage wide title={t('forms.title', { topic: topic.name })} lead={t('forms.lead')}>
      <div className="grid items-start gap-8 xl:grid-cols-[minmax(0,1fr)_20rem]">
        <form className="flex min-w-0 flex-col gap-6" noValidate onSubmit={submit.onSubmit(() => save(draft))}>
          <fieldset disabled={!mayWrite} className="flex min-w-0 flex-col gap-6">
            <SelectField
              label={t('forms.language')}
              className="w-56"
              value={locale}
              options={locales.map((value) => ({ value, label: localeName(value) }))}
              onChange={({ target: { value } }) => setLocale(value)}
            />
            <TextField
              label={t('forms.name', { locale: named })}
              maxLength={200}
              placeholder={topic.name}
              value={draft.names[locale] ?? ''}
              error={startingWith(submit.problems, 'names')}
              onChange={({ target: { value } }) => change({ names: { ...draft.names, [locale]: value } })}
            />
            <div className="flex flex-wrap items-end gap-x-8 gap-y-2">
              <TextField
                label={t('forms.position')}
                className="w-36"
                type="number"
                min={0}
                value={draft.position}
                onChange={({ target: { value } }) => change({ position: Math.max(0, Math.trunc(Number(value))) })}
              />
              <CheckField
                label={t('forms.shown')}
                checked={draft.shown}
                onChange={({ target: { checked } }) => change({ shown: checked })}
              />
            </div>
            <Section title={t('forms.fields')}>
              <p className="text-sm text-soft">{t(fields.length === 0 ? 'forms.none' : 'forms.noSecrets')}</p>
              {fields.map((field, at) => (
                <FieldCard
                  key={field.uid}
                  field={field.value}
                  before={fields.slice(0, at).map(({ value }) => value)}
                  locale={locale}
                  error={startingWith(submit.problems, `fields.${at}`)}
                  onChange={(value) =>
                    change({ fields: fields.map((one) => (one.uid === field.uid ? { ...one, value } : one)) })
                  }
                  onMove={(by) => change({ fields: moved(fields, at, at + by) })}
                  onRemove={() => change({ fields: fields.filter(({ uid }) => uid !== field.uid) })}
                />
              ))}
              {fields.length < mostFields ? (
                <Button className="self-start" onClick={() => change({ fields: [...fields, newField(fields)] })}>
                  <Plus className="size-4" />
                  {t('forms.add')}
                </Button>
              ) : null}
            </Section>
          </fieldset>
          {submit.problem ? <Notice tone="danger">{submit.problem}</Notice> : null}
          {mayWrite ? (
            <Button look="primary" type="submit" busy={submit.busy} className="self-start">
              {t('common.save')}
            </Button>
          ) : null}
        </form>
        <FormPreview name={draft.names[locale] || topic.name} fields={fields} locale={locale} />
      </div>
    </SettingsPage>
  )
}

function useSave(topic: Topic) {
  const { t } = useTranslation()
  const { api, toasts } = useGround()
  const cache = useQueryClient()
  const navigate = useNavigate()
  const submit = useSubmit(['names', 'fields'])
  const save = async (draft: FormDraft) => {
    await api.send('PUT', `/topics/${topic.id}/form`, formBodyOf(draft))
    toasts.show({ tone: 'plain', text: t('forms.saved') }, 2_500)
    await cache.invalidateQueries({ queryKey: ['topic-forms'] })
    await navigate({ to: '/settings/topics' })
  }
  return { submit, save }
}
