import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { MessagesSquare } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Empty } from '../components/empty.tsx'
import { inboxesQuery } from '../data/directory.ts'
import { useApi, useDesk } from '../data/services.ts'
import { SampleOffer } from './sample-offer.tsx'

export function NoConversation() {
  const { t } = useTranslation()
  const inboxes = useQuery(inboxesQuery(useApi()))
  const { me } = useDesk()
  const first = inboxes.data?.length === 0 && me.scopes.includes('admin')
  return (
    <main className="flex-1 bg-surface" aria-label={t('conversation.title')}>
      {first ? <FirstRun /> : <Empty icon={<MessagesSquare />} title={t('conversation.none')} />}
    </main>
  )
}

/** Nothing to read yet: the one thing to do. */
export function FirstRun() {
  const { t } = useTranslation()
  return (
    <div className="mx-auto flex h-full max-w-lg flex-col justify-center gap-4 p-8">
      <h2 className="text-2xl font-semibold tracking-tight text-balance">{t('firstRun.title')}</h2>
      <p className="text-lg text-soft">{t('firstRun.lead')}</p>
      <ol className="flex list-decimal flex-col gap-2 pl-5 text-soft marker:text-faint">
        <li>{t('firstRun.one')}</li>
        <li>{t('firstRun.two')}</li>
        <li>{t('firstRun.three')}</li>
      </ol>
      <div className="pt-2">
        <Link
          to="/settings/inboxes/new"
          className="inline-flex h-10 items-center rounded bg-accent px-4 font-medium text-on-accent hover:bg-accent-strong touch:h-11"
        >
          {t('firstRun.action')}
        </Link>
      </div>
      <SampleOffer />
    </div>
  )
}
