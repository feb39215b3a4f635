import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CheckCircle2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/button.tsx'
import { Empty } from '../../components/empty.tsx'
import { narrow, useMedia } from '../../components/use-media.ts'
import { inboxesQuery } from '../../data/directory.ts'
import { useApi, useDesk } from '../../data/services.ts'
import { useNext } from '../../data/use-next.ts'
import { SampleOffer } from '../sample-offer.tsx'

/** One sentence and one action. */
export function EmptyView({ view }: { view: string }) {
  const { t } = useTranslation()
  const { me } = useDesk()
  const inboxes = useQuery(inboxesQuery(useApi()))
  // Beside the list there is room for how to begin; a phone has only this.
  const alone = useMedia(narrow) && inboxes.data?.length === 0 && me.scopes.includes('admin')
  const known = view === 'mine' || view === 'unassigned' || view === 'snoozed' ? view : 'other'
  const next = view === 'mine' ? 'unassigned' : 'all'
  return (
    <Empty icon={<CheckCircle2 />} title={t(`empty.${known}`)}>
      {view === 'mine' ? <TakeNext /> : null}
      {view === 'all' ? null : (
        <Link
          to="/inbox/$view"
          params={{ view: next }}
          className="text-sm text-accent-text underline underline-offset-2"
        >
          {t(next === 'all' ? 'empty.seeAll' : 'empty.seeUnassigned')}
        </Link>
      )}
      {alone ? <SampleOffer /> : null}
    </Empty>
  )
}

function TakeNext() {
  const { t } = useTranslation()
  const take = useNext()
  return (
    <Button className="mb-2" title={`${t('next.take')} (N)`} onClick={() => void take()}>
      {t('next.take')}
    </Button>
  )
}
