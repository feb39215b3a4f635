import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Message } from '../../../../src/wire/message.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { TextArea } from '../../components/field.tsx'
import { useSubmit } from '../../data/use-submit.ts'
import { useChangeMessage } from './use-change-message.ts'

interface ChangeDialogProps {
  message: Message
  open: boolean
  onClose: () => void
}

export function EditDialog({ message, open, onClose }: ChangeDialogProps) {
  const { t } = useTranslation()
  return (
    <Dialog open={open} onClose={onClose} title={t('message.edit')} width="max-w-xl">
      <EditForm message={message} onClose={onClose} />
    </Dialog>
  )
}

function EditForm({ message, onClose }: Omit<ChangeDialogProps, 'open'>) {
  const { t } = useTranslation()
  const { edit } = useChangeMessage(message)
  const submit = useSubmit()
  const [text, setText] = useState(message.text)
  const save = () => void submit.run(() => edit(text)).then((done) => done && onClose())
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      <TextArea
        label={t('message.newWords')}
        help={message.direction === 'note' ? undefined : t('message.editHelp')}
        error={submit.problem ?? undefined}
        rows={6}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey) || event.nativeEvent.isComposing) return
          event.preventDefault()
          save()
        }}
      />
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button look="primary" type="submit" busy={submit.busy} disabled={text === message.text}>
          {t('common.save')}
        </Button>
      </div>
    </form>
  )
}

export function RemoveDialog({ message, open, onClose }: ChangeDialogProps) {
  const { t } = useTranslation()
  const { remove } = useChangeMessage(message)
  const submit = useSubmit()
  const help = message.direction === 'note' ? 'message.removeNote' : 'message.removeHelp'
  return (
    <Dialog open={open} onClose={onClose} title={t('message.remove')} description={t(help)}>
      {submit.problem ? (
        <p role="alert" className="mb-3 text-danger">
          {submit.problem}
        </p>
      ) : null}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button
          look="danger"
          busy={submit.busy}
          onClick={() => void submit.run(remove).then((done) => done && onClose())}
        >
          {t('message.removeNow')}
        </Button>
      </div>
    </Dialog>
  )
}
