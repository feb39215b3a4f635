import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Notice } from '../components/badge.tsx'
import { Button } from '../components/button.tsx'
import { beginAnew, sampleQuery } from '../data/sample.ts'
import { useApi } from '../data/services.ts'
import { useSubmit } from '../data/use-submit.ts'

/** For administrators of an installation in which nobody has done anything yet. */
export function SampleOffer() {
  const { t } = useTranslation()
  const api = useApi()
  const { data } = useQuery(sampleQuery(api))
  const submit = useSubmit()
  if (data?.state !== 'none') return null
  const load = () => submit.run(() => api.send('POST', '/sample')).then((done) => done && beginAnew())
  return (
    <div className="flex flex-col items-start gap-3 border-t border-line pt-5 narrow:items-center narrow:border-t-0 narrow:pt-0">
      <p className="text-sm text-soft text-pretty">{t('sample.lead')}</p>
      <Button busy={submit.busy} onClick={() => void load()}>
        {t('sample.action')}
      </Button>
      <p role="status" className="text-sm text-soft empty:hidden">
        {submit.busy ? t('sample.loading') : null}
      </p>
      {submit.problem ? <Notice tone="danger">{submit.problem}</Notice> : null}
    </div>
  )
}
