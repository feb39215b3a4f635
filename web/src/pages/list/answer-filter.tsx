import { useNavigate, useSearch } from '@tanstack/react-router'
import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button, IconButton } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { TextField } from '../../components/field.tsx'

function useAnswerFilter() {
  const navigate = useNavigate()
  return (answer: string | undefined) =>
    void navigate({
      to: '.',
      search: (old) => {
        const { answer: _old, ...rest } = old as Record<string, unknown>
        return (answer ? { ...rest, status: 'any', answer } : rest) as never
      },
    })
}

/** Says that the list shows only cases with this answer in a form. */
export function AnswerLine() {
  const { t } = useTranslation()
  const { answer } = useSearch({ from: '/desk/inbox' })
  const filter = useAnswerFilter()
  if (!answer) return null
  return (
    <p className="flex items-center gap-2 bg-accent-soft py-1 pr-2 pl-4 text-sm">
      <span className="min-w-0 flex-1 truncate" title={answer}>
        {t('forms.filtered', { answer })}
      </span>
      <IconButton label={t('forms.clear')} onClick={() => filter(undefined)}>
        <X className="size-4" />
      </IconButton>
    </p>
  )
}

export function FindAnswer({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  const filter = useAnswerFilter()
  return (
    <Dialog open={open} onClose={onClose} title={t('forms.findLabel')}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          filter(String(new FormData(event.currentTarget).get('answer')).trim() || undefined)
          onClose()
        }}
      >
        <TextField
          label={t('forms.findLabel')}
          hideLabel
          help={t('forms.findHelp')}
          name="answer"
          required
          maxLength={100}
          autoComplete="off"
        />
        <Button look="primary" type="submit" className="self-end">
          {t('forms.findGo')}
        </Button>
      </form>
    </Dialog>
  )
}
