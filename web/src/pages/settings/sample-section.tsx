import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { beginAnew, sampleQuery } from '../../data/sample.ts'
import { useApi } from '../../data/services.ts'
import { ConfirmButton } from './confirm-button.tsx'
import { Section } from './settings-page.tsx'

/** Only where it is. */
export function SampleSection() {
  const { t } = useTranslation()
  const api = useApi()
  const { data } = useQuery(sampleQuery(api))
  if (data?.state !== 'loaded') return null
  return (
    <Section title={t('sample.title')} lead={t('sample.removeLead')}>
      <div>
        <ConfirmButton
          label={t('sample.remove')}
          question={t('sample.removeAsk')}
          onConfirm={async () => {
            await api.send('DELETE', '/sample')
            beginAnew()
          }}
        />
      </div>
    </Section>
  )
}
