import { useQueryClient } from '@tanstack/react-query'
import type { TFunction } from 'i18next'
import { Check, CheckCheck, CircleAlert, CircleHelp, Clock, Mail, PauseCircle } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Message, ResolveBody } from '../../../../src/wire/message.ts'
import { cx } from '../../components/cx.ts'
import { failedReason, letterProgressOf, type Progress, progressOf, refusedOf } from '../../data/delivery-words.ts'
import { useGround } from '../../data/services.ts'
import { transcriptKey } from '../../data/transcript.ts'

interface DeliveryLineProps {
  message: Message
  channelName: string
  /** Inside a run only trouble is said; the last message speaks for the rest. */
  quiet: boolean
}

const calm = {
  sending: [Clock, 'text-faint'],
  sent: [Check, 'text-faint'],
  delayed: [Clock, 'text-warning'],
  delivered: [CheckCheck, 'text-faint'],
  read: [CheckCheck, 'text-accent-text'],
  cancelled: [CircleAlert, 'text-faint'],
  left: [CircleHelp, 'text-faint'],
} as const

export function DeliveryLine({ message, channelName, quiet }: DeliveryLineProps) {
  const { t } = useTranslation()
  const own = progressOf(message)
  const letter = letterProgressOf(message)
  return (
    <>
      {own ? <ProgressLine progress={own} message={message} channelName={channelName} quiet={quiet} /> : null}
      {letter ? <LetterLine progress={letter} message={message} /> : null}
      {refusedOf(message).map(({ recipient, reason }) => (
        <Trouble
          key={recipient}
          icon={<CircleAlert />}
          tone="warning"
          text={t('delivery.refusedFor', { name: recipient, why: t(`delivery.why.${reason}`) })}
        />
      ))}
    </>
  )
}

/** That it also went by mail is said of every message: its neighbours may have been read in time. */
function LetterLine({ progress, message }: { progress: Progress; message: Message }) {
  const { t } = useTranslation()
  if (progress.kind === 'failed' || progress.kind === 'unconfirmed' || progress.kind === 'held')
    return <ProgressLine progress={progress} message={message} channelName={t('delivery.mail')} quiet={false} />
  if (progress.kind === 'cancelled') return null
  const sent = progress.kind !== 'sending'
  return (
    <p className="flex items-center gap-1 pt-0.5 text-xs text-faint">
      <Mail aria-hidden="true" className="size-3.5" />
      {t(sent ? 'delivery.alsoMailed' : 'delivery.alsoMailing')}
    </p>
  )
}

function ProgressLine({ progress, message, channelName, quiet }: DeliveryLineProps & { progress: Progress }) {
  const { t } = useTranslation()
  const { busy, resolve } = useResolve(message)
  if (progress.kind === 'failed') {
    return (
      <Trouble icon={<CircleAlert />} text={t('delivery.failed', { why: whyOf(t, progress) })} detail={progress.detail}>
        <Action busy={busy} onClick={() => void resolve(progress.deliveryIds, 'resend')}>
          {t('common.tryAgain')}
        </Action>
        {progress.left ? null : (
          <Action busy={busy} onClick={() => void resolve(progress.deliveryIds, 'leave')}>
            {t('delivery.leave')}
          </Action>
        )}
      </Trouble>
    )
  }
  if (progress.kind === 'unconfirmed') {
    return (
      <Trouble icon={<CircleHelp />} tone="warning" text={t('delivery.unconfirmed', { channel: channelName })}>
        <Action busy={busy} onClick={() => void resolve(progress.deliveryIds, 'resend')}>
          {t('delivery.again')}
        </Action>
        <Action busy={busy} onClick={() => void resolve(progress.deliveryIds, 'leave')}>
          {t('delivery.leave')}
        </Action>
      </Trouble>
    )
  }
  if (progress.kind === 'held')
    return <Trouble icon={<PauseCircle />} tone="warning" text={t(`delivery.held.${progress.why}`)} />
  if (quiet && progress.kind !== 'sending' && progress.kind !== 'delayed') return null
  const [Icon, color] = calm[progress.kind]
  return (
    <p className={cx('flex items-center gap-1 pt-0.5 text-xs', color)}>
      <Icon aria-hidden="true" className="size-3.5" />
      {t(`delivery.${progress.kind}`)}
    </p>
  )
}

/** Our own words where there are any; else the sentence of the channel stands behind ours. */
export function whyOf(t: TFunction, { reason, detail }: { reason: string; detail?: string | undefined }): string {
  const known = failedReason(reason, detail)
  if (known === 'other' && detail) return t('delivery.refusedSaying', { said: detail })
  return t(`delivery.why.${known}`)
}

interface TroubleProps {
  icon: ReactNode
  text: string
  detail?: string | undefined
  tone?: 'danger' | 'warning'
  children?: ReactNode
}

export function Trouble({ icon, text, detail, tone = 'danger', children }: TroubleProps) {
  return (
    <div
      role="status"
      className={cx(
        'mt-1 flex max-w-full flex-wrap items-center gap-x-2 gap-y-1 rounded px-2.5 py-1 text-xs [&>svg]:size-3.5 [&>svg]:shrink-0',
        tone === 'danger' ? 'bg-danger-soft text-danger' : 'bg-warning-soft text-warning',
      )}
    >
      {icon}
      <span title={detail}>{text}</span>
      {children ? <span className="flex flex-wrap gap-x-2 touch:gap-y-5">{children}</span> : null}
    </div>
  )
}

export function Action({ busy = false, onClick, children }: { busy?: boolean; onClick: () => void; children: string }) {
  return (
    <button
      type="button"
      disabled={busy}
      className="min-h-6 rounded px-1 font-medium underline underline-offset-2 hover:brightness-90 disabled:opacity-50 touch:-my-2.5 touch:min-h-11"
      onClick={onClick}
    >
      {children}
    </button>
  )
}

export function useResolve(message: Message) {
  const { api, toasts } = useGround()
  const cache = useQueryClient()
  const { t } = useTranslation()
  const [busy, setBusy] = useState(false)
  const resolve = async (ids: string[], as: ResolveBody['as']) => {
    setBusy(true)
    try {
      for (const id of ids) await api.send('POST', `/deliveries/${id}/resolve`, { as })
    } catch (error) {
      toasts.show({ tone: 'problem', text: error instanceof Error ? error.message : t('error.offline') })
    }
    await cache.invalidateQueries({ queryKey: transcriptKey(message.conversationId) })
    setBusy(false)
  }
  return { busy, resolve }
}
