import { useTranslation } from 'react-i18next'
import type { Agent } from '../../../../src/wire/agent.ts'
import { Notice } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { TextField } from '../../components/field.tsx'
import { useSubmit } from '../../data/use-submit.ts'

interface PasswordFormProps {
  agent: Agent
  lead?: string
  action: string
  look?: 'primary' | 'danger'
  onPassword: (password: string) => Promise<void>
}

/** Whoever sits at an open page must show that it is theirs. */
export function PasswordForm({ agent, lead, action, look = 'primary', onPassword }: PasswordFormProps) {
  const { t } = useTranslation()
  const submit = useSubmit(['password'])
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={submit.onSubmit((form) => onPassword(String(form.get('password'))))}
    >
      {submit.problem ? <Notice tone="danger">{submit.problem}</Notice> : null}
      {lead ? <p className="text-sm text-soft">{lead}</p> : null}
      <input type="hidden" autoComplete="username" value={agent.email ?? ''} readOnly />
      <TextField
        label={t('profile.current')}
        name="password"
        type="password"
        autoComplete="current-password"
        required
        autoFocus
        error={submit.problems['password']}
      />
      <Button look={look} type="submit" busy={submit.busy} className="self-end">
        {action}
      </Button>
    </form>
  )
}
