import { useQueryClient } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Conversation } from '../../../../src/wire/conversation.ts'
import { Dialog } from '../../components/dialog.tsx'
import { TextField } from '../../components/field.tsx'
import { useTags } from '../../data/directory.ts'
import { useApi } from '../../data/services.ts'
import { useActions } from './use-actions.ts'

interface TagsDialogProps {
  conversation: Conversation
  open: boolean
  onClose: () => void
}

export function TagsDialog({ conversation, open, onClose }: TagsDialogProps) {
  const { t } = useTranslation()
  return (
    <Dialog open={open} onClose={onClose} title={t('action.tags')}>
      <TagPicker conversation={conversation} />
    </Dialog>
  )
}

function TagPicker({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation()
  const actions = useActions(conversation)
  const make = useMakeTag()
  const [typed, setTyped] = useState('')
  const wanted = typed.trim()
  const names = [...new Set([...useTags().map((tag) => tag.name), ...conversation.tags])]
  const matching = names.filter((name) => name.toLowerCase().includes(wanted.toLowerCase()))
  const isNew = wanted !== '' && !names.some((name) => name.toLowerCase() === wanted.toLowerCase())
  const toggle = (name: string) => {
    const on = conversation.tags.includes(name)
    void actions.setTags(on ? conversation.tags.filter((tag) => tag !== name) : [...conversation.tags, name])
    setTyped('')
  }
  const create = async () => {
    await make(wanted)
    toggle(wanted)
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        const first = matching[0]
        if (isNew) void create()
        else if (first && wanted) toggle(first)
      }}
    >
      <TextField
        label={t('tags.find')}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        maxLength={60}
        autoFocus
      />
      <ul className="mt-2 flex max-h-64 flex-col overflow-y-auto">
        {matching.map((name) => (
          <li key={name}>
            <Choice on={conversation.tags.includes(name)} onClick={() => toggle(name)}>
              {name}
            </Choice>
          </li>
        ))}
        {isNew ? (
          <li>
            <button
              type="submit"
              className="flex h-9 w-full items-center gap-2 rounded px-2 text-sm text-accent-text hover:bg-hover"
            >
              <Plus className="size-4" />
              {t('tags.make', { name: wanted })}
            </button>
          </li>
        ) : null}
      </ul>
    </form>
  )
}

function Choice({ on, onClick, children }: { on: boolean; onClick: () => void; children: string }) {
  return (
    <label className="flex h-9 cursor-pointer items-center gap-2 rounded px-2 text-sm hover:bg-hover touch:h-11">
      <input type="checkbox" checked={on} onChange={onClick} className="size-4 accent-accent" />
      <span className="truncate">{children}</span>
    </label>
  )
}

function useMakeTag(): (name: string) => Promise<void> {
  const api = useApi()
  const cache = useQueryClient()
  return async (name) => {
    // Only administrators keep the list of tags; a tag on a conversation needs no entry there.
    await api.send('POST', '/tags', { name }).catch(() => undefined)
    await cache.invalidateQueries({ queryKey: ['tags'] })
  }
}
