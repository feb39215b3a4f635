import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LinkCode, OwnAccount } from '../../../../src/wire/contact-link.ts'
import { Notice } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { ChannelIcon } from '../../components/channel-icon.tsx'
import { useChannelName } from '../../data/channel-words.ts'
import { useApi } from '../../data/services.ts'
import { clockTime, dateAndTime } from '../../data/time.ts'
import { useSubmit } from '../../data/use-submit.ts'
import { ConfirmButton } from './confirm-button.tsx'
import { Line, Lines, Section } from './settings-page.tsx'
import { ShownOnce } from './shown-once.tsx'

const queryKey = ['my-accounts']
/** While a code waits to be written elsewhere. */
const lookEveryMs = 2_000

/** Accounts at a platform from which this agent answers customers. */
export function OwnAccounts() {
  const { t } = useTranslation()
  const api = useApi()
  const submit = useSubmit()
  const [made, setMade] = useState<(LinkCode & { before: number }) | null>(null)
  const accounts = useQuery({
    queryKey,
    queryFn: ({ signal }) => api.get<{ items: OwnAccount[] }>('/me/accounts', {}, signal),
    refetchInterval: made ? lookEveryMs : false,
  }).data?.items
  // It was written: there is nothing to show any more.
  const written = made !== null && accounts !== undefined && accounts.length > made.before
  useEffect(() => {
    if (written) setMade(null)
  }, [written])
  if (!accounts) return null
  const link = async () => {
    setMade({ ...(await api.send<LinkCode>('POST', '/me/accounts/codes')), before: accounts.length })
  }
  return (
    <Section title={t('accounts.title')} lead={t('accounts.lead')}>
      {submit.problem ? <Notice tone="danger">{submit.problem}</Notice> : null}
      {accounts.length > 0 ? (
        <Linked accounts={accounts} />
      ) : (
        <p className="text-sm text-faint">{t('accounts.none')}</p>
      )}
      {made ? (
        <Code code={made} />
      ) : (
        <Button className="self-start" busy={submit.busy} onClick={() => void submit.run(link)}>
          {t('accounts.link')}
        </Button>
      )}
    </Section>
  )
}

function Code({ code: { code, expiresAt } }: { code: LinkCode }) {
  const { t, i18n } = useTranslation()
  const help = t('accounts.codeHelp', { time: clockTime(expiresAt, i18n.language) })
  return (
    <div className="flex max-w-md flex-col gap-3">
      <p className="text-sm">{t('accounts.how')}</p>
      <ShownOnce label={t('accounts.code')} value={code} help={help} />
    </div>
  )
}

function Linked({ accounts }: { accounts: OwnAccount[] }) {
  const { t, i18n } = useTranslation()
  const api = useApi()
  const cache = useQueryClient()
  const channelName = useChannelName()
  return (
    <Lines label={t('accounts.title')}>
      {accounts.map(({ id, channel, name, since }) => (
        <Line key={id}>
          <ChannelIcon channel={channel} className="size-4 text-soft" />
          <div className="min-w-0 flex-1">
            <p className="truncate text-sm">{name}</p>
            <p className="text-xs text-faint">
              {t('accounts.since', { channel: channelName(channel), time: dateAndTime(since, i18n.language) })}
            </p>
          </div>
          <ConfirmButton
            label={t('accounts.unlink')}
            question={t('accounts.unlinkSure', { name })}
            onConfirm={async () => {
              await api.send('DELETE', `/me/accounts/${id}`)
              await cache.invalidateQueries({ queryKey })
            }}
          />
        </Line>
      ))}
    </Lines>
  )
}
