import { Link } from '@tanstack/react-router'
import { CloudOff, Compass } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '../components/button.tsx'
import { Empty } from '../components/empty.tsx'
import { ApiError } from '../data/api.ts'

export function PageProblem({ error, reset }: { error: unknown; reset?: () => void }) {
  const { t } = useTranslation()
  const text = error instanceof ApiError && error.status > 0 ? error.message : t('error.offline')
  return (
    <div className="h-full w-full bg-surface" role="alert">
      <Empty icon={<CloudOff />} title={text}>
        <Button onClick={() => (reset ? reset() : location.reload())}>{t('common.tryAgain')}</Button>
      </Empty>
    </div>
  )
}

export function NotFound() {
  const { t } = useTranslation()
  return (
    <main className="h-full w-full bg-surface">
      <Empty icon={<Compass />} title={t('error.notFound')}>
        <Link to="/" className="text-accent-text underline">
          {t('error.toInbox')}
        </Link>
      </Empty>
    </main>
  )
}
