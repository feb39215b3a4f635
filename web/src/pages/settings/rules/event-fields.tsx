import { useTranslation } from 'react-i18next'
import type { RuleEvent } from '../../../../../src/wire/rule.ts'
import { CheckField, SelectField, TextField } from '../../../components/field.tsx'

const changes = ['status', 'priority', 'tags', 'assignee', 'team'] as const
const kinds = ['first', 'every', 'change', 'waiting', 'due'] as const
type Kind = (typeof kinds)[number]

const kindOf = (event: RuleEvent): Kind => (event.kind === 'message' ? event.which : event.kind)

function fresh(kind: Kind): RuleEvent {
  if (kind === 'first' || kind === 'every') return { kind: 'message', which: kind }
  if (kind === 'change') return { kind, of: ['status'] }
  return { kind, minutes: kind === 'waiting' ? 30 : 15 }
}

/** When a rule is asked. */
export function EventFields({ event, onChange }: { event: RuleEvent; onChange: (event: RuleEvent) => void }) {
  const { t } = useTranslation()
  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-end gap-3 narrow:flex-col narrow:items-stretch">
        <SelectField
          label={t('rules.when')}
          className="w-80 narrow:w-full"
          value={kindOf(event)}
          options={kinds.map((kind) => ({ value: kind, label: t(`rules.event.${kind}`) }))}
          onChange={({ target: { value } }) => onChange(fresh(value as Kind))}
        />
        {'minutes' in event ? (
          <TextField
            label={t('rules.minutes')}
            type="number"
            min={1}
            max={10_080}
            className="w-28"
            value={event.minutes}
            onChange={({ target: { value } }) => onChange({ ...event, minutes: Math.trunc(Number(value)) })}
          />
        ) : null}
      </div>
      {event.kind === 'change' ? (
        <fieldset className="flex flex-wrap gap-x-5">
          <legend className="sr-only">{t('rules.event.change')}</legend>
          {changes.map((field) => (
            <CheckField
              key={field}
              label={t(`rules.change.${field}`)}
              checked={event.of.includes(field)}
              onChange={({ target: { checked } }) =>
                onChange({ ...event, of: changes.filter((one) => (one === field ? checked : event.of.includes(one))) })
              }
            />
          ))}
        </fieldset>
      ) : null}
    </div>
  )
}
