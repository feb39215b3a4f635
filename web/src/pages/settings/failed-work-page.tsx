import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { DeadJob } from '../../../../src/wire/job.ts'
import { Notice } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { Empty } from '../../components/empty.tsx'
import { useApi } from '../../data/services.ts'
import { fullTime } from '../../data/time.ts'
import { useSubmit } from '../../data/use-submit.ts'
import { ConfirmButton } from './confirm-button.tsx'
import { Line, Lines, SettingsPage } from './settings-page.tsx'

const kinds = ['route', 'fetch-attachment', 'after-sent', 'apply-parked'] as const

/** What was tried for hours in the background and given up. */
export function FailedWorkPage() {
  const { t } = useTranslation()
  const api = useApi()
  const jobs = useQuery({
    queryKey: ['jobs'],
    refetchInterval: 15_000,
    queryFn: ({ signal }) => api.get<{ items: DeadJob[] }>('/jobs', { state: 'dead', limit: 100 }, signal),
  }).data?.items
  return (
    <SettingsPage title={t('settings.failedWork')} lead={t('failedWork.lead')}>
      {jobs?.length ? (
        <Lines label={t('settings.failedWork')}>
          {jobs.map((job) => (
            <Item key={job.id} job={job} />
          ))}
        </Lines>
      ) : null}
      {jobs?.length === 0 ? <Empty title={t('failedWork.none')} /> : null}
    </SettingsPage>
  )
}

function Item({ job }: { job: DeadJob }) {
  const { t, i18n } = useTranslation()
  const api = useApi()
  const cache = useQueryClient()
  const submit = useSubmit()
  const known = kinds.find((kind) => kind === job.kind)
  const end = async (how: 'retry' | 'dismiss') => {
    await api.send('POST', `/jobs/${job.id}/${how}`)
    await cache.invalidateQueries({ queryKey: ['jobs'] })
  }
  return (
    <Line>
      <div className="min-w-0 flex-1">
        <p className="text-sm font-medium">{t(`failedWork.kind.${known ?? 'other'}`)}</p>
        {job.lastError ? <p className="text-sm break-words text-soft">{job.lastError}</p> : null}
        <p className="text-xs text-faint">{fullTime(job.dueAt, i18n.language)}</p>
        {submit.problem ? <Notice tone="danger">{submit.problem}</Notice> : null}
      </div>
      <Button busy={submit.busy} onClick={() => void submit.run(() => end('retry'))}>
        {t('common.tryAgain')}
      </Button>
      <ConfirmButton
        label={t('failedWork.dismiss')}
        question={t('failedWork.dismissAsk')}
        onConfirm={() => end('dismiss')}
      />
    </Line>
  )
}
