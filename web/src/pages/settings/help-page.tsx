import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Notice } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { CheckField, SelectField, TextField } from '../../components/field.tsx'
import { articlesQuery, localeName, offeredLocales, useMayWriteArticles } from '../../data/articles.ts'
import { useInboxes } from '../../data/directory.ts'
import { useApi } from '../../data/services.ts'
import { uploadFile } from '../../data/upload.ts'
import { useSubmit } from '../../data/use-submit.ts'
import { SettingsPage } from './settings-page.tsx'

interface HelpSettings {
  readonly enabled: boolean
  readonly name: string
  readonly accent: string
  readonly logoId: string | null
  readonly homeUrl: string | null
  readonly contactInboxId: string | null
  readonly defaultLocale: string
}

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
  const submit = useSubmit(['name', 'accent', 'homeUrl', 'logoId', 'contactInboxId'])
  const articles = useQuery(articlesQuery(api)).data ?? []
  const mayWrite = useMayWriteArticles()
  const inboxes = useInboxes().map(({ id, name }) => ({ value: id, label: name }))
  const [saved, setSaved] = useState(false)
  const [logoId, setLogoId] = useState(settings.logoId)
  const picker = useRef<HTMLInputElement>(null)
  return (
    <form
      className="flex flex-col gap-5"
      onChange={() => setSaved(false)}
      onSubmit={(event) => {
        event.preventDefault()
        const form = new FormData(event.currentTarget)
        void submit
          .run(async () => {
            const chosen = picker.current?.files?.[0]
            const stored = chosen && (await uploadFile(api, chosen, () => undefined, new AbortController().signal))
            const next = {
              ...settings,
              enabled: form.get('enabled') !== null,
              name: String(form.get('name')).trim(),
              accent: String(form.get('accent')),
              homeUrl: String(form.get('homeUrl')).trim() || null,
              defaultLocale: String(form.get('defaultLocale')),
              contactInboxId: String(form.get('contactInboxId')) || null,
              logoId: stored?.id ?? logoId,
            }
            cache.setQueryData(['help-settings'], await api.send('PUT', '/help-settings', next))
            setLogoId(next.logoId)
          })
          .then(setSaved)
      }}
    >
      {submit.problem ? <Notice tone="danger">{submit.problem}</Notice> : null}
      <fieldset disabled={!mayWrite} className="flex flex-col gap-5">
        <CheckField label={t('helpSettings.enabled')} name="enabled" defaultChecked={settings.enabled} />
        <TextField
          label={t('helpSettings.name')}
          name="name"
          defaultValue={settings.name}
          maxLength={80}
          error={submit.problems['name']}
        />
        <TextField
          label={t('helpSettings.homeUrl')}
          help={t('helpSettings.homeUrlHelp')}
          name="homeUrl"
          type="url"
          defaultValue={settings.homeUrl ?? ''}
          error={submit.problems['homeUrl']}
        />
        <SelectField
          // The list comes after the settings.
          key={inboxes.length}
          label={t('forms.contactInbox')}
          help={t('forms.contactInboxHelp')}
          name="contactInboxId"
          defaultValue={settings.contactInboxId ?? ''}
          options={[{ value: '', label: t('forms.noContact') }, ...inboxes]}
          error={submit.problems['contactInboxId']}
        />
        <TextField
          label={t('helpSettings.accent')}
          help={t('helpSettings.accentHelp')}
          name="accent"
          type="color"
          defaultValue={settings.accent}
          error={submit.problems['accent']}
        />
        <SelectField
          label={t('helpSettings.defaultLocale')}
          help={t('helpSettings.defaultLocaleHelp')}
          name="defaultLocale"
          defaultValue={settings.defaultLocale}
          options={offeredLocales(articles).map((locale) => ({ value: locale, label: localeName(locale) }))}
        />
        <label className="flex flex-col gap-1 text-sm font-medium">
          {t('helpSettings.logo')}
          <input
            ref={picker}
            type="file"
            accept="image/png,image/jpeg,image/webp"
            className="rounded border border-control-line bg-raised p-1.5 text-sm font-normal file:mr-3 file:rounded file:border-0 file:bg-pressed file:px-3 file:py-1"
          />
        </label>
        {logoId === null ? null : (
          <Button className="self-start" onClick={() => setLogoId(null)}>
            {t('helpSettings.removeLogo')}
          </Button>
        )}
      </fieldset>
      {mayWrite ? (
        <div className="flex items-center justify-end gap-3">
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
