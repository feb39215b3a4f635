import { CircleAlert, CircleCheck, CircleDashed, CirclePause, KeyRound } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { HealthState } from '../../../../src/wire/inbox.ts'
import { Badge, type Tone } from '../../components/badge.tsx'

const looks: Record<HealthState, [typeof CircleCheck, Tone]> = {
  connected: [CircleCheck, 'success'],
  connecting: [CircleDashed, 'info'],
  unavailable: [CircleAlert, 'warning'],
  badCredentials: [KeyRound, 'danger'],
  stopped: [CirclePause, 'neutral'],
}

export function InboxState({ state }: { state: HealthState }) {
  const { t } = useTranslation()
  const [Icon, tone] = looks[state]
  return (
    <Badge tone={tone}>
      <Icon aria-hidden="true" />
      {t(`health.${state}`)}
    </Badge>
  )
}
