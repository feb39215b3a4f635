import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { HelpSettings } from '../../../../../src/wire/article.ts'
import { Notice } from '../../../components/badge.tsx'
import { Button } from '../../../components/button.tsx'
import { CheckField, SelectField, TextField } from '../../../components/field.tsx'
import { articlesQuery, offeredLocales, useMayWriteArticles } from '../../../data/articles.ts'
import { useInboxes } from '../../../data/directory.ts'
import { useApi } from '../../../data/services.ts'
import { useSubmit } from '../../../data/use-submit.ts'
import { Section, SettingsPage } from '../settings-page.tsx'
import { HelpLanguages } from './help-languages.tsx'
import { HelpLogo } from './help-logo.tsx'
import { HelpLookFields } from './help-look.tsx'

/** How the public pages look. What they say is written under Articles. */
export function HelpPage() {
  const { t } = useTranslation()
  const api = useApi()
  const settings = useQuery({
    queryKey: ['help-settings'],
    queryFn: ({ signal }) => api.get<HelpSettings>('/help-settings', {}, signal),
  }).data
  const articles = (
    <Link to="/articles" className="text-accent-text underline underline-offset-2">
      {t('articles.title')}
    </Link>
  )
  return (
    <SettingsPage title={t('helpSettings.title')} lead={t('helpSettings.lead')} action={articles}>
      {settings ? <HelpForm settings={settings} /> : null}
    </SettingsPage>
  )
}

function HelpForm({ settings }: { settings: HelpSettings }) {
  const { t } = useTranslation()
  const api = useApi()
  const cache = useQueryClient()
  const submit = useSubmit(['name', 'homeUrl', 'logoId', 'contactInboxId'])
  const locales = offeredLocales(useQuery(articlesQuery(api)).data ?? [])
  const mayWrite = useMayWriteArticles()
  const inboxes = useInboxes().map(({ id, name }) => ({ value: id, label: name }))
  const [writing, setWriting] = useState(settings)
  const [saved, setSaved] = useState(false)
  const change = (part: Partial<HelpSettings>) => {
    setWriting((old) => ({ ...old, ...part }))
    setSaved(false)
  }
  const save = async () => {
    const kept = await api.send<HelpSettings>('PUT', '/help-settings', tidied(writing))
    cache.setQueryData(['help-settings'], kept)
    setWriting(kept)
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void submit.run(save).then(setSaved)
      }}
    >
      <fieldset disabled={!mayWrite} className="flex min-w-0 flex-col gap-8">
        <div className="flex flex-col gap-5">
          <CheckField
            label={t('helpSettings.enabled')}
            checked={writing.enabled}
            onChange={(event) => change({ enabled: event.target.checked })}
          />
          <TextField
            label={t('helpSettings.name')}
            value={writing.name}
            maxLength={80}
            error={submit.problems['name']}
            onChange={(event) => change({ name: event.target.value })}
          />
          <TextField
            label={t('helpSettings.homeUrl')}
            help={t('helpSettings.homeUrlHelp')}
            type="url"
            value={writing.homeUrl ?? ''}
            error={submit.problems['homeUrl']}
            onChange={(event) => change({ homeUrl: event.target.value })}
          />
          <SelectField
            label={t('forms.contactInbox')}
            help={t('forms.contactInboxHelp')}
            value={writing.contactInboxId ?? ''}
            options={[{ value: '', label: t('forms.noContact') }, ...inboxes]}
            error={submit.problems['contactInboxId']}
            onChange={(event) => change({ contactInboxId: event.target.value || null })}
          />
          <HelpLogo
            logoId={writing.logoId}
            error={submit.problems['logoId']}
            onChange={(logoId) => change({ logoId })}
          />
        </div>
        <Section title={t('helpSettings.languages')} lead={t('helpSettings.languagesLead')}>
          <HelpLanguages writing={writing} locales={locales} onChange={change} />
        </Section>
        <Section title={t('helpSettings.look')} lead={t('helpSettings.lookLead')}>
          <HelpLookFields writing={writing} onChange={change} />
        </Section>
      </fieldset>
      {submit.problem ? (
        <div className="pt-5">
          <Notice tone="danger">{submit.problem}</Notice>
        </div>
      ) : null}
      {mayWrite ? (
        <div className="flex items-center justify-end gap-3 pt-5">
          <span role="status" className="text-sm text-soft">
            {saved ? t('helpSettings.saved') : ''}
          </span>
          <Button look="primary" type="submit" busy={submit.busy}>
            {t('common.save')}
          </Button>
        </div>
      ) : null}
    </form>
  )
}

/** Fields left empty are not set. */
function tidied({ names, homeUrl, fallbacks, variables, darkVariables, ...rest }: HelpSettings): HelpSettings {
  return {
    ...rest,
    homeUrl: homeUrl?.trim() || null,
    names: withoutEmpty(names),
    fallbacks: Object.fromEntries(Object.entries(fallbacks).filter(([, chain]) => chain.length > 0)),
    variables: withoutEmpty(variables),
    darkVariables: withoutEmpty(darkVariables),
  }
}

function withoutEmpty(texts: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const told = Object.entries(texts).map(([name, text]) => [name, text?.trim() ?? ''] as const)
  return Object.fromEntries(told.filter(([, text]) => text !== ''))
}
