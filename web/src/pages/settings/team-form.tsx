import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Team } from '../../../../src/wire/agent.ts'
import { Notice } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { CheckField, TextField } from '../../components/field.tsx'
import { useAgents } from '../../data/directory.ts'
import { useApi } from '../../data/services.ts'
import { useSubmit } from '../../data/use-submit.ts'
import { namesIn, TeamNames } from './team-names.tsx'
import { routingIn, TeamWork } from './team-work.tsx'

export function TeamForm({ team, onDone }: { team: Team | null; onDone: () => void }) {
  const { t } = useTranslation()
  const api = useApi()
  const cache = useQueryClient()
  const agents = useAgents().filter((agent) => agent.active)
  const submit = useSubmit(['name', 'customerSees'])
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={submit.onSubmit(async (form) => {
        const body = {
          name: String(form.get('name')).trim(),
          customerSees: String(form.get('customerSees')).trim() || null,
          customerSeesIn: namesIn(form),
          memberIds: form.getAll('member').map(String),
          routing: routingIn(form),
        }
        await (team ? api.send('PATCH', `/teams/${team.id}`, body) : api.send('POST', '/teams', body))
        await cache.invalidateQueries({ queryKey: ['teams'] })
        await cache.invalidateQueries({ queryKey: ['agents'] })
        onDone()
      })}
    >
      {submit.problem ? <Notice tone="danger">{submit.problem}</Notice> : null}
      <TextField
        label={t('people.teamName')}
        name="name"
        defaultValue={team?.name ?? ''}
        required
        maxLength={200}
        error={submit.problems['name']}
      />
      <TextField
        label={t('form.optional', { label: t('people.customerSees') })}
        help={t('people.customerSeesHelp')}
        name="customerSees"
        defaultValue={team?.customerSees ?? ''}
        maxLength={200}
        error={submit.problems['customerSees']}
      />
      <TeamNames team={team} />
      <fieldset>
        <legend className="pb-1 text-sm font-medium">{t('people.agents')}</legend>
        <div className="grid max-h-60 gap-x-6 overflow-y-auto sm:grid-cols-2">
          {agents.map((agent) => (
            <CheckField
              key={agent.id}
              label={agent.name}
              name="member"
              value={agent.id}
              defaultChecked={team?.memberIds.includes(agent.id) ?? false}
            />
          ))}
        </div>
      </fieldset>
      <TeamWork team={team} />
      <Button look="primary" type="submit" busy={submit.busy} className="self-end">
        {t('common.save')}
      </Button>
    </form>
  )
}
