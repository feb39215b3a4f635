import { useTranslation } from 'react-i18next'
import type { Conversation } from '../../../../src/wire/conversation.ts'
import { Notice } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { SelectField, TextArea } from '../../components/field.tsx'
import { useGround } from '../../data/services.ts'
import { useSubmit } from '../../data/use-submit.ts'
import { levelName } from '../../data/why-words.ts'

interface EscalateDialogProps {
  conversation: Conversation
  open: boolean
  onClose: () => void
}

/** To people who know more: never without what they must know. */
export function EscalateDialog({ conversation, open, onClose }: EscalateDialogProps) {
  const { t } = useTranslation()
  const { api, toasts } = useGround()
  const submit = useSubmit(['note', 'tier'])
  const higher = [2, 3].filter((tier) => tier > conversation.tier)
  return (
    <Dialog open={open} onClose={onClose} title={t('escalate.title')}>
      <form
        className="flex flex-col gap-3"
        onSubmit={submit.onSubmit(async (form) => {
          const tier = Number(form.get('tier'))
          await api.send('POST', `/conversations/${conversation.id}/escalate`, {
            tier,
            note: String(form.get('note')).trim(),
          })
          toasts.show({ tone: 'plain', text: t('escalate.done', { level: levelName(t, tier) }) })
          onClose()
        })}
      >
        {submit.problem ? <Notice tone="danger">{submit.problem}</Notice> : null}
        <SelectField
          label={t('escalate.tier')}
          name="tier"
          options={higher.map((tier) => ({ value: String(tier), label: levelName(t, tier) }))}
          error={submit.problems['tier']}
        />
        <TextArea
          label={t('escalate.note')}
          name="note"
          rows={5}
          required
          maxLength={20_000}
          error={submit.problems['note']}
        />
        <Button look="primary" type="submit" busy={submit.busy} className="self-end">
          {t('escalate.send')}
        </Button>
      </form>
    </Dialog>
  )
}
