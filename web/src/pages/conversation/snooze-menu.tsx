import { AlarmClock, CalendarClock } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Conversation } from '../../../../src/wire/conversation.ts'
import { Button, IconButton } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { TextField } from '../../components/field.tsx'
import { Menu, MenuItem, MenuLabel } from '../../components/menu.tsx'
import { snoozeChoices } from '../../data/time.ts'
import { useMenu } from './open-menu.tsx'
import { useActions } from './use-actions.ts'

export function SnoozeMenu({ conversation }: { conversation: Conversation }) {
  const { t, i18n } = useTranslation()
  const menu = useMenu('snooze')
  const actions = useActions(conversation)
  const [picking, setPicking] = useState(false)
  const when = new Intl.DateTimeFormat(i18n.language, {
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  return (
    <>
      <Menu
        {...menu}
        align="end"
        trigger={
          <IconButton label={t('action.snooze')} hint="s">
            <AlarmClock className="size-4" />
          </IconButton>
        }
      >
        <MenuLabel>{t('snooze.title')}</MenuLabel>
        {snoozeChoices(new Date()).map(({ key, at }) => (
          <MenuItem key={key} onSelect={() => void actions.snooze(at)}>
            <span className="flex justify-between gap-6">
              {t(`snooze.${key}`)}
              <span className="text-faint">{when.format(at)}</span>
            </span>
          </MenuItem>
        ))}
        <MenuItem icon={<CalendarClock />} onSelect={() => setPicking(true)}>
          {t('snooze.pick')}
        </MenuItem>
      </Menu>
      <SnoozeDialog open={picking} onClose={() => setPicking(false)} onPick={(at) => void actions.snooze(at)} />
    </>
  )
}

function SnoozeDialog({ open, onClose, onPick }: { open: boolean; onClose: () => void; onPick: (at: Date) => void }) {
  const { t } = useTranslation()
  const [error, setError] = useState<string | undefined>()
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const at = new Date(String(new FormData(event.currentTarget).get('at')))
    if (at.getTime() > Date.now()) {
      onClose()
      onPick(at)
    } else {
      setError(t('snooze.past'))
    }
  }
  return (
    <Dialog open={open} onClose={onClose} title={t('snooze.title')}>
      <form className="flex flex-col gap-4" onSubmit={submit}>
        <TextField label={t('snooze.until')} name="at" type="datetime-local" required error={error} />
        <Button type="submit" look="primary" className="self-end">
          {t('action.snooze')}
        </Button>
      </form>
    </Dialog>
  )
}
