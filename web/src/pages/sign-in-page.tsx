import { useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Notice } from '../components/badge.tsx'
import { Button } from '../components/button.tsx'
import { TextField } from '../components/field.tsx'
import { ApiError } from '../data/api.ts'
import { useSignIn } from '../data/session.ts'
import { FrontPage } from './front-page.tsx'

export function SignInPage() {
  const { t } = useTranslation()
  const signIn = useSignIn()
  const navigate = useNavigate()
  const { to } = useSearch({ from: '/sign-in' })
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    setBusy(true)
    setProblem(null)
    try {
      await signIn({ email: String(form.get('email')).trim(), password: String(form.get('password')) })
      await navigate({ to: to ?? '/', replace: true })
    } catch (error) {
      setProblem(problemKey(error))
    } finally {
      setBusy(false)
    }
  }

  return (
    <FrontPage title={t('signIn.title')}>
      <form className="flex flex-col gap-4" onSubmit={(event) => void submit(event)}>
        {problem ? (
          <div role="alert">
            <Notice tone="danger">{t(`signIn.${problem as 'wrong' | 'tooMany' | 'offline'}`)}</Notice>
          </div>
        ) : null}
        <TextField label={t('signIn.email')} name="email" type="email" autoComplete="username" required autoFocus />
        <TextField
          label={t('signIn.password')}
          name="password"
          type="password"
          autoComplete="current-password"
          required
        />
        <Button look="primary" type="submit" busy={busy} className="mt-1 h-10">
          {t('signIn.action')}
        </Button>
        <p className="text-xs text-faint">{t('signIn.forgot')}</p>
      </form>
    </FrontPage>
  )
}

function problemKey(error: unknown): 'wrong' | 'tooMany' | 'offline' {
  if (error instanceof ApiError && error.status === 429) return 'tooMany'
  return error instanceof ApiError && error.status >= 400 && error.status < 500 ? 'wrong' : 'offline'
}
