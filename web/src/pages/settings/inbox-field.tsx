import { useTranslation } from 'react-i18next'
import type { Inbox } from '../../../../src/wire/inbox.ts'
import { SelectField } from '../../components/field.tsx'
import { useInboxes } from '../../data/directory.ts'

interface InboxFieldProps {
  label: string
  help?: string | undefined
  error?: string | undefined
  value: unknown
  /** null: none. */
  onChange: (id: string | null) => void
}

/** Another inbox of ours, one that exchanges letters. */
export function InboxField({ value, onChange, ...around }: InboxFieldProps) {
  const { t } = useTranslation()
  const inboxes = useInboxes().filter((inbox) => writesLetters(inbox) || inbox.id === value)
  const options = inboxes.map(({ id, name }) => ({ value: id, label: name }))
  return (
    <SelectField
      {...around}
      options={[{ value: '', label: t('form.none') }, ...options]}
      value={typeof value === 'string' ? value : ''}
      onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)}
    />
  )
}

function writesLetters({ capabilities, enabled }: Inbox): boolean {
  return enabled && capabilities?.text.pace === 'letters' && capabilities.startThread === 'full'
}
