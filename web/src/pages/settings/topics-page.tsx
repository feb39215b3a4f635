import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Topic } from '../../../../src/wire/topic.ts'
import { Notice } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { TextField } from '../../components/field.tsx'
import { useTopics } from '../../data/routing.ts'
import { useApi, useDesk } from '../../data/services.ts'
import { useSubmit } from '../../data/use-submit.ts'
import { ConfirmButton } from './confirm-button.tsx'
import { Line, Lines, SettingsPage } from './settings-page.tsx'

export function TopicsPage() {
  const { t } = useTranslation()
  const api = useApi()
  const cache = useQueryClient()
  const topics = useTopics()
  const mayChange = useDesk().me.agent?.role !== 'agent'
  const [renaming, setRenaming] = useState<Topic | null>(null)
  const refresh = () => cache.invalidateQueries({ queryKey: ['topics'] })
  return (
    <SettingsPage title={t('settings.topics')} lead={t('topics.lead')}>
      {mayChange ? (
        <TopicForm label={t('topics.add')} send={(name) => api.send('POST', '/topics', { name })} onDone={refresh} />
      ) : null}
      {topics.length ? (
        <Lines label={t('settings.topics')}>
          {topics.map((topic) => (
            <Line key={topic.id}>
              <span className="min-w-0 flex-1 truncate text-sm font-medium">{topic.name}</span>
              <Link
                to="/settings/topics/$id"
                params={{ id: topic.id }}
                className="text-sm text-accent-text underline underline-offset-2"
              >
                {t('forms.form')}
              </Link>
              {mayChange ? <Button onClick={() => setRenaming(topic)}>{t('topics.rename')}</Button> : null}
              {mayChange ? (
                <ConfirmButton
                  label={t('common.remove')}
                  question={t('topics.removeAsk', { name: topic.name })}
                  onConfirm={async () => {
                    await api.send('DELETE', `/topics/${topic.id}`)
                    await refresh()
                  }}
                />
              ) : null}
            </Line>
          ))}
        </Lines>
      ) : (
        <p className="text-soft">{t('topics.none')}</p>
      )}
      <Dialog open={renaming !== null} onClose={() => setRenaming(null)} title={t('topics.rename')}>
        {renaming ? (
          <TopicForm
            label={t('common.save')}
            value={renaming.name}
            send={(name) => api.send('PATCH', `/topics/${renaming.id}`, { name })}
            onDone={async () => {
              await refresh()
              setRenaming(null)
            }}
          />
        ) : null}
      </Dialog>
    </SettingsPage>
  )
}

interface TopicFormProps {
  label: string
  value?: string
  send: (name: string) => Promise<unknown>
  onDone: () => Promise<void>
}

function TopicForm({ label, value = '', send, onDone }: TopicFormProps) {
  const { t } = useTranslation()
  const submit = useSubmit(['name'])
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={submit.onSubmit(async (form) => {
        await send(String(form.get('name')).trim())
        await onDone()
      })}
    >
      {submit.problem ? <Notice tone="danger">{submit.problem}</Notice> : null}
      <div className="flex items-end gap-2">
        <TextField
          label={t('topics.name')}
          name="name"
          defaultValue={value}
          required
          maxLength={100}
          className="flex-1"
          error={submit.problems['name']}
        />
        <Button look="primary" type="submit" busy={submit.busy} className="h-9">
          {label}
        </Button>
      </div>
    </form>
  )
}
