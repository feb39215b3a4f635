import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Me, OneTimeInfo, OneTimeUse } from '../../../src/wire/session.ts'
import { Notice } from '../components/badge.tsx'
import { Button } from '../components/button.tsx'
import { TextField } from '../components/field.tsx'
import { ApiError, fieldProblems } from '../data/api.ts'
import { useApi } from '../data/services.ts'
import { become } from '../data/session.ts'
import { CodeField } from './code-field.tsx'
import { FrontPage } from './front-page.tsx'

export function OneTimePage() {
  const { t } = useTranslation()
  const api = useApi()
  const { token } = useParams({ from: '/one-time/$token' })
  const path = `/one-time/${encodeURIComponent(token)}`
  const link = useQuery({ queryKey: ['one-time', token], queryFn: () => api.get<OneTimeInfo>(path), retry: false })
  if (link.isPending) return null
  if (link.isError) {
    return (
      <FrontPage title={t('oneTime.goneTitle')} lead={t('oneTime.gone')}>
        <Link to="/sign-in" className="text-accent-text underline">
          {t('oneTime.toSignIn')}
        </Link>
      </FrontPage>
    )
  }
  return (
    <FrontPage title={t(`oneTime.${link.data.purpose}.title`)} lead={t(`oneTime.${link.data.purpose}.lead`)}>
      <OneTimeForm info={link.data} path={path} />
    </FrontPage>
  )
}

function OneTimeForm({ info, path }: { info: OneTimeInfo; path: string }) {
  const { t } = useTranslation()
  const use = useOneTime(path)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const [asksCode, setAsksCode] = useState(false)
  const problems = fieldProblems(error)
  const asksName = info.purpose !== 'reset'
  const asksEmail = info.purpose !== 'reset' && info.email === null

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    setBusy(true)
    try {
      await use({
        password: String(form.get('password')),
        ...(asksName ? { name: String(form.get('name')).trim() } : {}),
        ...(asksEmail ? { email: String(form.get('email')).trim() } : {}),
        ...(asksCode ? { code: String(form.get('code')).trim() } : {}),
      })
    } catch (caught) {
      const missing = caught instanceof ApiError && caught.code === 'codeRequired'
      if (missing) setAsksCode(true)
      setError(missing ? null : caught)
      setBusy(false)
    }
  }

  return (
    <form className="flex flex-col gap-4" onSubmit={(event) => void submit(event)}>
      {error && Object.keys(problems).length === 0 ? (
        <Notice tone="danger">
          {error instanceof ApiError && error.status > 0 ? error.message : t('error.offline')}
        </Notice>
      ) : null}
      {asksName ? (
        <TextField
          label={t('oneTime.name')}
          name="name"
          autoComplete="name"
          defaultValue={info.name ?? ''}
          required
          autoFocus
          error={problems['name']}
        />
      ) : null}
      {asksEmail ? (
        <TextField
          label={t('signIn.email')}
          name="email"
          type="email"
          autoComplete="username"
          required
          error={problems['email']}
        />
      ) : (
        <TextField
          label={t('signIn.email')}
          type="email"
          autoComplete="username"
          value={info.email ?? ''}
          readOnly
          disabled
        />
      )}
      <TextField
        label={t('oneTime.password')}
        name="password"
        type="password"
        autoComplete="new-password"
        minLength={10}
        required
        help={t('oneTime.passwordHelp')}
        error={problems['password']}
      />
      {asksCode ? <CodeField recovery /> : null}
      <Button look="primary" type="submit" busy={busy} className="mt-1 h-10">
        {t(`oneTime.${info.purpose}.action`)}
      </Button>
    </form>
  )
}

function useOneTime(path: string): (body: OneTimeUse) => Promise<void> {
  const api = useApi()
  const cache = useQueryClient()
  const navigate = useNavigate()
  return async (body) => {
    const me = await api.send<Me | undefined>('POST', path, body)
    if (me?.csrfToken) become(cache, me)
    else cache.clear()
    await navigate({ to: '/', replace: true })
  }
}
