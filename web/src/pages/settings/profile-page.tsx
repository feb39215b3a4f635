import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Agent } from '../../../../src/wire/agent.ts'
import { Notice } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { TextField } from '../../components/field.tsx'
import { useDesk, useGround } from '../../data/services.ts'
import { useSubmit } from '../../data/use-submit.ts'
import { Look } from './look.tsx'
import { OwnAccounts } from './own-accounts.tsx'
import { OwnSessions } from './own-sessions.tsx'
import { SecondFactorSection } from './second-factor.tsx'
import { Section, SettingsPage } from './settings-page.tsx'

export function ProfilePage() {
  const { t } = useTranslation()
  const { agent } = useDesk().me
  return (
    <SettingsPage title={t('settings.profile')}>
      {agent ? <Names agent={agent} /> : null}
      <Look />
      {agent ? <Password agent={agent} /> : null}
      {agent ? <SecondFactorSection agent={agent} /> : null}
      {agent ? <OwnAccounts /> : null}
      {agent ? <OwnSessions /> : null}
    </SettingsPage>
  )
}

function useSaved() {
  const { toasts } = useGround()
  const cache = useQueryClient()
  const { t } = useTranslation()
  return async () => {
    toasts.show({ tone: 'plain', text: t('did.saved') }, 2_500)
    await cache.invalidateQueries({ queryKey: ['me'] })
    await cache.invalidateQueries({ queryKey: ['agents'] })
  }
}

function Names({ agent }: { agent: Agent }) {
  const { t } = useTranslation()
  const { api } = useGround()
  const saved = useSaved()
  const submit = useSubmit(['name', 'publicName'])
  return (
    <Section title={t('profile.names')}>
      <form
        className="flex max-w-md flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          const form = new FormData(event.currentTarget)
          void submit.run(async () => {
            await api.send('PATCH', `/agents/${agent.id}`, {
              name: String(form.get('name')).trim(),
              publicName: String(form.get('publicName')).trim(),
            })
            await saved()
          })
        }}
      >
        {submit.problem ? <Notice tone="danger">{submit.problem}</Notice> : null}
        <TextField
          label={t('oneTime.name')}
          name="name"
          defaultValue={agent.name}
          required
          maxLength={200}
          error={submit.problems['name']}
        />
        <TextField
          label={t('profile.publicName')}
          help={t('profile.publicNameHelp')}
          name="publicName"
          defaultValue={agent.publicName}
          required
          maxLength={200}
          error={submit.problems['publicName']}
        />
        <Button type="submit" busy={submit.busy} className="self-start">
          {t('common.save')}
        </Button>
      </form>
    </Section>
  )
}

function Password({ agent }: { agent: Agent }) {
  const { t } = useTranslation()
  const { api } = useGround()
  const saved = useSaved()
  const submit = useSubmit(['password.current', 'password.next'])
  return (
    <Section title={t('profile.password')} lead={t('profile.passwordLead')}>
      <form
        className="flex max-w-md flex-col gap-4"
        onSubmit={submit.onSubmit(async (form) => {
          await api.send('PATCH', `/agents/${agent.id}`, {
            password: { current: form.get('current'), next: form.get('next') },
          })
          await saved()
        })}
      >
        {submit.problem ? <Notice tone="danger">{submit.problem}</Notice> : null}
        <input type="hidden" autoComplete="username" value={agent.email ?? ''} readOnly />
        <TextField
          label={t('profile.current')}
          name="current"
          type="password"
          autoComplete="current-password"
          required
          error={submit.problems['password.current']}
        />
        <TextField
          label={t('profile.next')}
          name="next"
          type="password"
          autoComplete="new-password"
          minLength={10}
          required
          help={t('oneTime.passwordHelp')}
          error={submit.problems['password.next']}
        />
        <Button type="submit" busy={submit.busy} className="self-start">
          {t('profile.changePassword')}
        </Button>
      </form>
    </Section>
  )
}
