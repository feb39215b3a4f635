import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Badge, Notice } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { TextField } from '../../components/field.tsx'
import { useTags } from '../../data/directory.ts'
import { useApi, useDesk } from '../../data/services.ts'
import { useSubmit } from '../../data/use-submit.ts'
import { ConfirmButton } from './confirm-button.tsx'
import { Line, Lines, SettingsPage } from './settings-page.tsx'

export function TagsPage() {
  const { t } = useTranslation()
  const api = useApi()
  const cache = useQueryClient()
  const tags = useTags()
  const mayChange = useDesk().me.agent?.role !== 'agent'
  const submit = useSubmit(['name'])
  const refresh = () => cache.invalidateQueries({ queryKey: ['tags'] })
  return (
    <SettingsPage title={t('settings.tags')} lead={t('tags.lead')}>
      {mayChange ? (
        <form
          className="flex items-end gap-2"
          onSubmit={submit.onSubmit(async (form) => {
            await api.send('POST', '/tags', { name: String(form.get('name')).trim() })
            await refresh()
          })}
        >
          <TextField
            label={t('tags.name')}
            name="name"
            required
            maxLength={60}
            className="flex-1"
            error={submit.problems['name']}
          />
          <Button look="primary" type="submit" busy={submit.busy} className="h-9">
            {t('tags.add')}
          </Button>
        </form>
      ) : null}
      {submit.problem ? <Notice tone="danger">{submit.problem}</Notice> : null}
      {tags.length ? (
        <Lines label={t('settings.tags')}>
          {tags.map((tag) => (
            <Line key={tag.id}>
              <span className="flex-1">
                <Badge>{tag.name}</Badge>
              </span>
              {mayChange ? (
                <ConfirmButton
                  label={t('common.remove')}
                  question={t('tags.removeAsk', { name: tag.name })}
                  onConfirm={async () => {
                    await api.send('DELETE', `/tags/${tag.id}`)
                    await refresh()
                  }}
                />
              ) : null}
            </Line>
          ))}
        </Lines>
      ) : (
        <p className="text-soft">{t('tags.none')}</p>
      )}
    </SettingsPage>
  )
}
