import { CircleAlert, Clock, Lock } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ConflictDetails } from '../../../../src/wire/error.ts'
import { cx } from '../../components/cx.ts'
import type { Outgoing } from '../../data/outbox.ts'
import { sayRefusal } from '../../data/refusal-words.ts'
import { useDesk } from '../../data/services.ts'
import { Attachments } from './attachments.tsx'
import { Action, Trouble } from './delivery-line.tsx'
import { WrittenText } from './message-text.tsx'

/** Painted the moment "send" is pressed; becomes the real message when the server has it. */
export function PendingMessage({ entry, letters }: { entry: Outgoing; letters: boolean }) {
  const { t } = useTranslation()
  const note = entry.kind === 'note'
  const wide = note || letters
  const busy = entry.state === 'sending' || entry.state === 'waiting'
  return (
    <article className={cx('flex flex-col pt-3', wide ? '' : 'items-end pr-[34px]')} data-client-id={entry.clientId}>
      <div
        className={cx(
          'rounded-lg',
          wide ? 'w-full' : 'max-w-[min(72ch,82%)]',
          letters && !note ? 'px-4 py-3' : 'px-3 py-1.5',
          note ? 'border border-note-line bg-note text-note-text' : 'bg-bubble-out',
          busy && 'opacity-75',
        )}
      >
        {note ? (
          <header className="flex items-center gap-1.5 pb-0.5 text-xs font-semibold">
            <Lock aria-hidden="true" className="size-3.5" />
            {t('note.word')}
          </header>
        ) : null}
        <WrittenText text={entry.text} />
        <Attachments attachments={entry.attachments} />
      </div>
      <PendingState entry={entry} />
    </article>
  )
}

function PendingState({ entry }: { entry: Outgoing }) {
  const { t } = useTranslation()
  const { outbox } = useDesk()
  const overtaken = useOvertakenWords(entry)
  if (entry.state === 'overtaken') {
    return (
      <Trouble icon={<CircleAlert />} tone="warning" text={overtaken}>
        <Action onClick={() => outbox.retry(entry.clientId, true)}>{t('conflict.sendAnyway')}</Action>
        <Action onClick={() => outbox.discard(entry.clientId)}>{t('conflict.drop')}</Action>
      </Trouble>
    )
  }
  if (entry.state === 'refused') {
    return (
      <Trouble
        icon={<CircleAlert />}
        text={t('delivery.refused', { why: sayRefusal(t, entry.code, entry.error ?? '') })}
      >
        <Action onClick={() => outbox.retry(entry.clientId)}>{t('common.tryAgain')}</Action>
        <Action onClick={() => outbox.discard(entry.clientId)}>{t('conflict.drop')}</Action>
      </Trouble>
    )
  }
  return (
    <p className="flex items-center gap-1 pt-0.5 text-xs text-faint">
      <Clock aria-hidden="true" className="size-3.5" />
      {t(entry.state === 'waiting' ? 'delivery.waiting' : 'delivery.sending')}
    </p>
  )
}

function useOvertakenWords(entry: Outgoing): string {
  const { t } = useTranslation()
  const change = (entry.details as ConflictDetails | undefined)?.changes?.[0]
  if (!change) return t('conflict.meanwhile')
  return t(`conflict.${change.kind}`, { name: change.by ?? t('conflict.somebody') })
}
