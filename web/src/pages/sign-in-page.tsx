import { useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Notice } from '../components/badge.tsx'
import { Button } from '../components/button.tsx'
import { TextField } from '../components/field.tsx'
import { ApiError } from '../data/api.ts'
import { useSignIn } from '../data/session.ts'
import { CodeField } from './code-field.tsx'
import { FrontPage } from './front-page.tsx'

export function SignInPage() {
  const { t } = useTranslation()
  const signIn = useSignIn()
  const navigate = useNavigate()
  const { to } = useSearch({ from: '/sign-in' })
  const [busy, setBusy] = useState(false)
  const [asksCode, setAsksCode] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    setBusy(true)
    setProblem(null)
    try {
      const code = form.get('code')
      await signIn({
        email: String(form.get('email')).trim(),
        password: String(form.get('password')),
        ...(code === null ? {} : { code: String(code).trim() }),
      })
      await navigate({ to: to ?? '/', replace: true })
    } catch (error) {
      if (error instanceof ApiError && error.code === 'codeRequired') setAsksCode(true)
      else setProblem(problemKey(error))
    } finally {
      setBusy(false)
    }
  }

  return (
    <FrontPage title={t('signIn.title')}>
      <form className="flex flex-col gap-4" onSubmit={(event) => void submit(event)}>
        {problem ? (
          <div role="alert">
            <Notice tone="danger">{t(`signIn.${problem}`)}</Notice>
          </div>
        ) : null}
        {/* Hidden, not gone: what was typed is sent again with the code. */}
        <div className={asksCode ? 'hidden' : 'contents'}>
          <TextField label={t('signIn.email')} name="email" type="email" autoComplete="username" required autoFocus />
          <TextField
            label={t('signIn.password')}
            name="password"
            type="password"
            autoComplete="current-password"
            required
          />
        </div>
        {asksCode ? <CodeField recovery /> : null}
        <Button look="primary" type="submit" busy={busy} className="mt-1 h-10">
          {t('signIn.action')}
        </Button>
        {asksCode ? null : <p className="text-xs text-faint">{t('signIn.forgot')}</p>}
      </form>
    </FrontPage>
  )
}

type Problem = 'wrong' | 'wrongCode' | 'tooMany' | 'offline'

function problemKey(error: unknown): Problem {
  if (!(error instanceof ApiError)) return 'offline'
  if (error.status === 429) return 'tooMany'
  if (error.code === 'wrongCode') return 'wrongCode'
  return error.status >= 400 && error.status < 500 ? 'wrong' : 'offline'
}
