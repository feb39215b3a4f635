import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Notice } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { useSubmit } from '../../data/use-submit.ts'

interface ConfirmButtonProps {
  label: string
  question: string
  onConfirm: () => Promise<unknown>
}

/** For what cannot be undone. */
export function ConfirmButton({ label, question, onConfirm }: ConfirmButtonProps) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const submit = useSubmit()
  return (
    <>
      <Button look="quietDanger" onClick={() => setOpen(true)}>
        {label}
      </Button>
      <Dialog open={open} onClose={() => setOpen(false)} title={label} description={question}>
        {submit.problem ? <Notice tone="danger">{submit.problem}</Notice> : null}
        <div className="flex justify-end gap-2 pt-2">
          <Button onClick={() => setOpen(false)}>{t('common.cancel')}</Button>
          <Button
            look="danger"
            busy={submit.busy}
            onClick={() => void submit.run(onConfirm).then((done) => done && setOpen(false))}
          >
            {label}
          </Button>
        </div>
      </Dialog>
    </>
  )
}
