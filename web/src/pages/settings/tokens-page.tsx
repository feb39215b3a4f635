import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CreatedToken, Token } from '../../../../src/wire/token.ts'
import { Badge, Notice } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { CheckField, TextField } from '../../components/field.tsx'
import { everyPage } from '../../data/directory.ts'
import { useApi } from '../../data/services.ts'
import { fullTime } from '../../data/time.ts'
import { useSubmit } from '../../data/use-submit.ts'
import { ConfirmButton } from './confirm-button.tsx'
import { Line, Lines, SettingsPage } from './settings-page.tsx'
import { ShownOnce } from './shown-once.tsx'

export function TokensPage() {
  const { t, i18n } = useTranslation()
  const api = useApi()
  const cache = useQueryClient()
  const tokens =
    useQuery({ queryKey: ['tokens'], queryFn: ({ signal }) => everyPage<Token>(api, '/tokens', signal) }).data ?? []
  const [making, setMaking] = useState(false)
  return (
    <SettingsPage
      title={t('settings.tokens')}
      lead={t('tokens.lead')}
      action={
        <Button look="primary" onClick={() => setMaking(true)}>
          {t('tokens.add')}
        </Button>
      }
    >
      {tokens.length ? (
        <Lines label={t('settings.tokens')}>
          {tokens.map((token) => (
            <Line key={token.id}>
              <div className="min-w-0 flex-1">
                <p className="truncate text-sm font-medium">{token.name}</p>
                <p className="text-xs text-faint">
                  {token.lastUsedAt
                    ? t('tokens.used', { time: fullTime(token.lastUsedAt, i18n.language) })
                    : t('tokens.unused')}
                </p>
              </div>
              {token.scopes.map((scope) => (
                <Badge key={scope}>{t(`tokens.scope.${scope}`)}</Badge>
              ))}
              <ConfirmButton
                label={t('tokens.revoke')}
                question={t('tokens.revokeAsk', { name: token.name })}
                onConfirm={async () => {
                  await api.send('DELETE', `/tokens/${token.id}`)
                  await cache.invalidateQueries({ queryKey: ['tokens'] })
                }}
              />
            </Line>
          ))}
        </Lines>
      ) : (
        <p className="text-soft">{t('tokens.none')}</p>
      )}
      <Dialog open={making} onClose={() => setMaking(false)} title={t('tokens.add')}>
        <TokenForm />
      </Dialog>
    </SettingsPage>
  )
}

function TokenForm() {
  const { t } = useTranslation()
  const api = useApi()
  const cache = useQueryClient()
  const submit = useSubmit(['name', 'scopes'])
  const [made, setMade] = useState<CreatedToken | null>(null)
  if (made) return <ShownOnce label={made.name} value={made.secret} help={t('tokens.once')} />
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={submit.onSubmit(async (form) => {
        const answer = await api.send<CreatedToken>('POST', '/tokens', {
          name: String(form.get('name')).trim(),
          scopes: form.getAll('scope'),
        })
        setMade(answer)
        await cache.invalidateQueries({ queryKey: ['tokens'] })
      })}
    >
      {submit.problem ? <Notice tone="danger">{submit.problem}</Notice> : null}
      <TextField label={t('tokens.name')} name="name" required maxLength={200} error={submit.problems['name']} />
      <fieldset>
        <legend className="pb-1 text-sm font-medium">{t('tokens.may')}</legend>
        {(['read', 'write', 'admin'] as const).map((scope) => (
          <CheckField
            key={scope}
            name="scope"
            value={scope}
            label={t(`tokens.scope.${scope}`)}
            help={t(`tokens.scopeHelp.${scope}`)}
            defaultChecked={scope === 'read'}
          />
        ))}
      </fieldset>
      <Button look="primary" type="submit" busy={submit.busy} className="self-end">
        {t('tokens.add')}
      </Button>
    </form>
  )
}
