import type { TFunction } from 'i18next'
import { BadgeCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Contact } from '../../../../src/wire/contact.ts'
import { ChannelIcon } from '../../components/channel-icon.tsx'

type ContactAccount = Contact['identities'][number]

/** One account: whether somebody vouches for it, and what its channel tells of it. */
export function Account({ account }: { account: ContactAccount }) {
  const { t } = useTranslation()
  const facts = Object.entries(account.profile).filter(([, value]) => value !== '')
  return (
    <li className="flex gap-2">
      <ChannelIcon channel={account.channel} className="mt-0.5 size-4 shrink-0" />
      <div className="flex min-w-0 flex-1 flex-col gap-0.5">
        <span className="flex items-center gap-2">
          <span className="min-w-0 flex-1 truncate" title={account.email ?? account.name}>
            {account.email ?? (account.name || t('contact.nameless'))}
          </span>
          {account.verified ? (
            <span className="flex items-center gap-1 text-xs text-success">
              <BadgeCheck aria-hidden="true" className="size-3.5" />
              {t('contact.verified')}
            </span>
          ) : (
            <span className="text-xs text-faint">{t('contact.claimed')}</span>
          )}
        </span>
        {facts.length > 0 ? (
          <dl className="flex flex-wrap gap-x-3 text-xs text-faint">
            {facts.map(([name, value]) => (
              <div key={name} className="flex max-w-full gap-1">
                <dt className="shrink-0">{nameOfFact(t, name)}</dt>
                <dd className="min-w-0 text-soft [overflow-wrap:anywhere]">{value}</dd>
              </div>
            ))}
          </dl>
        ) : null}
      </div>
    </li>
  )
}

const known = ['language', 'nickname', 'roles', 'username'] as const

/** A channel of tomorrow may tell more than we have words for: its own name is better than nothing. */
function nameOfFact(t: TFunction, name: string): string {
  const found = known.find((one) => one === name)
  return found ? t(`person.fact.${found}`) : name
}
