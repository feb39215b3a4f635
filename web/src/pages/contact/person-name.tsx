import { Pencil } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Contact } from '../../../../src/wire/contact.ts'
import { IconButton } from '../../components/button.tsx'
import { useContactActions } from '../../data/contact.ts'

/** The name, and a field in its place while it is changed. Leaving the field keeps what was typed. */
export function PersonName({ contact }: { contact: Contact }) {
  const { t } = useTranslation()
  const [editing, setEditing] = useState(false)
  const pencil = useRef<HTMLButtonElement>(null)
  const actions = useContactActions(contact.id)
  const end = (back: boolean) => {
    setEditing(false)
    if (back) requestAnimationFrame(() => pencil.current?.focus())
  }
  const save = (text: string, back: boolean) => {
    const name = text.trim()
    end(back)
    if (name !== '' && name !== contact.name) void actions.change({ name })
  }
  if (editing) return <NameField name={contact.name} onSave={save} onLeave={() => end(true)} />
  return (
    <p className="flex min-w-0 flex-1 items-center gap-1">
      <span className="min-w-0 truncate font-semibold" title={contact.name}>
        {contact.name || t('person.unnamed')}
      </span>
      <IconButton ref={pencil} label={t('person.newName')} onClick={() => setEditing(true)}>
        <Pencil className="size-3.5" />
      </IconButton>
    </p>
  )
}

interface NameFieldProps {
  name: string
  onSave: (name: string, back: boolean) => void
  onLeave: () => void
}

function NameField({ name, onSave, onLeave }: NameFieldProps) {
  const { t } = useTranslation()
  const done = useRef(false)
  const once = (work: () => void) => {
    if (done.current) return
    done.current = true
    work()
  }
  return (
    <form
      className="min-w-0 flex-1"
      onSubmit={(event) => {
        event.preventDefault()
        const typed = String(new FormData(event.currentTarget).get('name'))
        once(() => onSave(typed, true))
      }}
    >
      <input
        name="name"
        defaultValue={name}
        maxLength={200}
        ref={(field) => field?.focus()}
        aria-label={t('person.name')}
        className="h-8 w-full rounded border border-control-line bg-raised px-2 text-base touch:h-11"
        onFocus={(event) => event.currentTarget.select()}
        onBlur={(event) => {
          const typed = event.currentTarget.value
          once(() => onSave(typed, false))
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          event.stopPropagation()
          once(onLeave)
        }}
      />
    </form>
  )
}
