import { CircleAlert, Clock } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Message, SentChange } from '../../../../src/wire/message.ts'
import { Action, Trouble, useResolve, whyOf } from './delivery-line.tsx'

/** What was changed here but not, or not yet, at the customer's. */
export function ChangeLine({ message }: { message: Message }) {
  return message.changes.map((change) => <OneChange key={change.id} message={message} change={change} />)
}

function OneChange({ message, change }: { message: Message; change: SentChange }) {
  const { t } = useTranslation()
  const { busy, resolve } = useResolve(message)
  const { id, operation, state, reason = 'other', detail } = change
  if (state !== 'failed' && state !== 'uncertain') {
    return (
      <p className="flex items-center gap-1 pt-0.5 text-xs text-faint">
        <Clock aria-hidden="true" className="size-3.5" />
        {t('delivery.changing')}
      </p>
    )
  }
  const why = state === 'failed' ? whyOf(t, { reason, detail }) : t('delivery.noAnswer')
  return (
    <Trouble icon={<CircleAlert />} text={t(`delivery.notChanged.${operation}`, { why })} detail={detail}>
      <Action busy={busy} onClick={() => void resolve([id], 'resend')}>
        {t('common.tryAgain')}
      </Action>
      <Action busy={busy} onClick={() => void resolve([id], 'leave')}>
        {t('delivery.leave')}
      </Action>
    </Trouble>
  )
}
