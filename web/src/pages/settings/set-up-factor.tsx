import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Agent } from '../../../../src/wire/agent.ts'
import type { BegunFactor, RecoveryCodes as Codes } from '../../../../src/wire/second-factor.ts'
import { Notice } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { QrCode } from '../../components/qr-code.tsx'
import { useApi } from '../../data/services.ts'
import { useSubmit } from '../../data/use-submit.ts'
import { CodeField } from '../code-field.tsx'
import { PasswordForm } from './password-form.tsx'
import { RecoveryCodes } from './recovery-codes.tsx'

/** Three steps: the password, the app's first code, the codes to keep. */
export function SetUpFactor({ agent, onDone }: { agent: Agent; onDone: () => void }) {
  const [begun, setBegun] = useState<BegunFactor | null>(null)
  const [codes, setCodes] = useState<string[] | null>(null)
  if (codes) return <RecoveryCodes codes={codes} onDone={onDone} />
  return begun ? <FirstCode begun={begun} onConfirmed={setCodes} /> : <Begin agent={agent} onBegun={setBegun} />
}

function Begin({ agent, onBegun }: { agent: Agent; onBegun: (begun: BegunFactor) => void }) {
  const { t } = useTranslation()
  const api = useApi()
  return (
    <PasswordForm
      agent={agent}
      lead={t('factor.begin')}
      action={t('factor.next')}
      onPassword={async (password) => onBegun(await api.send<BegunFactor>('POST', '/me/totp', { password }))}
    />
  )
}

function FirstCode({ begun, onConfirmed }: { begun: BegunFactor; onConfirmed: (codes: string[]) => void }) {
  const { t } = useTranslation()
  const api = useApi()
  const submit = useSubmit(['code'])
  const spaced = begun.secret.replace(/(.{4})(?=.)/g, '$1 ')
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={submit.onSubmit(async (form) => {
        const { recoveryCodes } = await api.send<Codes>('PUT', '/me/totp', { code: String(form.get('code')).trim() })
        onConfirmed(recoveryCodes)
      })}
    >
      {submit.problem ? <Notice tone="danger">{submit.problem}</Notice> : null}
      <p className="text-sm text-soft">{t('factor.scan')}</p>
      <QrCode text={begun.uri} label={t('factor.qr')} />
      <p className="text-sm">
        {t('factor.typed')} <code className="break-words select-all">{spaced}</code>
      </p>
      <CodeField error={submit.problems['code'] === undefined ? undefined : t('factor.notNow')} />
      <Button look="primary" type="submit" busy={submit.busy} className="self-end">
        {t('factor.confirm')}
      </Button>
    </form>
  )
}
