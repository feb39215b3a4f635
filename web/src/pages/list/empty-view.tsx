import { Link } from '@tanstack/react-router'
import { CheckCircle2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/button.tsx'
import { Empty } from '../../components/empty.tsx'
import { useNext } from '../../data/use-next.ts'

/** One sentence and one action. */
export function EmptyView({ view }: { view: string }) {
  const { t } = useTranslation()
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
