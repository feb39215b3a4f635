import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { Team, TeamRouting } from '../../../../src/wire/agent.ts'
import { SelectField, TextField } from '../../components/field.tsx'
import { useTeams } from '../../data/directory.ts'

const strategies = ['balanced', 'roundRobin', 'manual'] as const
const kinds = ['live', 'messages', 'letters'] as const

/** What a team is made with, as the server does it. */
const usual: TeamRouting = {
  strategy: 'balanced',
  weights: { live: 2, messages: 1, letters: 1 },
  graceMs: 120_000,
  skillWaitMs: 300_000,
  overflowWaitMs: 600_000,
  overflowTeamId: null,
}

export function TeamWork({ team }: { team: Team | null }) {
  const { t } = useTranslation()
  const others = useTeams().filter((one) => one.id !== team?.id)
  const routing = team?.routing ?? usual
  const weightsHelp = useId()
  return (
    <fieldset className="flex flex-col gap-4 border-t border-line pt-4">
      <legend className="float-left -mb-2 w-full text-sm font-semibold">{t('work.title')}</legend>
      <SelectField
        label={t('work.strategy')}
        name="strategy"
        defaultValue={routing.strategy}
        options={strategies.map((value) => ({ value, label: t(`work.strategies.${value}`) }))}
      />
      <fieldset aria-describedby={weightsHelp}>
        <legend className="text-sm font-medium">{t('work.weights')}</legend>
        <p id={weightsHelp} className="pb-2 text-xs text-faint">
          {t('work.weightsHelp')}
        </p>
        <div className="grid grid-cols-3 gap-3">
          {kinds.map((kind) => (
            <TextField
              key={kind}
              label={t(`work.weight.${kind}`)}
              name={`weight-${kind}`}
              type="number"
              min={0}
              max={20}
              required
              defaultValue={routing.weights[kind]}
            />
          ))}
        </div>
      </fieldset>
      <Minutes name="skillWait" ms={routing.skillWaitMs} help={t('work.skillWaitHelp')} />
      <Minutes name="grace" ms={routing.graceMs} help={t('work.graceHelp')} />
      <div className="grid gap-3 sm:grid-cols-2">
        <SelectField
          label={t('work.overflowTeam')}
          name="overflowTeam"
          defaultValue={routing.overflowTeamId ?? ''}
          options={[
            { value: '', label: t('work.noTeam') },
            ...others.map((one) => ({ value: one.id, label: one.name })),
          ]}
        />
        <Minutes name="overflowWait" ms={routing.overflowWaitMs} />
      </div>
    </fieldset>
  )
}

function Minutes({
  name,
  ms,
  help,
}: {
  name: 'grace' | 'skillWait' | 'overflowWait'
  ms: number | null
  help?: string
}) {
  const { t } = useTranslation()
  return (
    <TextField
      label={t(`work.${name}`)}
      {...(help ? { help } : {})}
      name={name}
      type="number"
      min={0}
      max={10_080}
      step="any"
      defaultValue={ms === null ? '' : ms / 60_000}
    />
  )
}

export function routingIn(form: FormData): TeamRouting {
  const minutes = (name: string) => {
    const text = String(form.get(name) ?? '').trim()
    return text === '' ? null : Math.round(Number(text) * 60_000)
  }
  const weight = (kind: (typeof kinds)[number]) => Number(form.get(`weight-${kind}`))
  return {
    strategy: String(form.get('strategy')) as TeamRouting['strategy'],
    weights: { live: weight('live'), messages: weight('messages'), letters: weight('letters') },
    graceMs: minutes('grace'),
    skillWaitMs: minutes('skillWait'),
    overflowWaitMs: minutes('overflowWait'),
    overflowTeamId: String(form.get('overflowTeam') ?? '') || null,
  }
}
