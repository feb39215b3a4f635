import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { RuleAction } from '../../../../../src/wire/rule-action.ts'
import { IconButton } from '../../../components/button.tsx'
import { SelectField } from '../../../components/field.tsx'
import { type ActionType, type Keyed, keyed, newAction } from '../../../data/rule-draft.ts'
import { ActionValue } from './action-value.tsx'
import { startingWith } from './condition-groups.tsx'

interface ActionRowsProps {
  actions: readonly Keyed<RuleAction>[]
  types: readonly ActionType[]
  problems: Readonly<Record<string, string>>
  onChange: (actions: Keyed<RuleAction>[]) => void
}

/** What a rule or a macro does, in its order. */
export function ActionRows({ actions, types, problems, onChange }: ActionRowsProps) {
  const { t } = useTranslation()
  return (
    <div className="flex flex-col gap-3">
      <ul className="flex flex-col gap-3">
        {actions.map(({ key, value }, n) => (
          <Row
            key={key}
            action={value}
            error={startingWith(problems, `actions.${n}`)}
            onChange={(next) => onChange(actions.map((one) => (one.key === key ? { key, value: next } : one)))}
            onRemove={() => onChange(actions.filter((one) => one.key !== key))}
          />
        ))}
      </ul>
      <SelectField
        label={t('rules.actions.add')}
        hideLabel
        className="w-64 narrow:w-full"
        value=""
        options={[
          { value: '', label: t('rules.actions.add') },
          ...types.map((type) => ({ value: type, label: t(`rules.actions.${type}`) })),
        ]}
        onChange={({ target: { value } }) =>
          value !== '' && onChange([...actions, keyed(newAction(value as ActionType))])
        }
      />
    </div>
  )
}

interface RowProps {
  action: RuleAction
  error: string | undefined
  onChange: (action: RuleAction) => void
  onRemove: () => void
}

function Row({ action, error, onChange, onRemove }: RowProps) {
  const { t } = useTranslation()
  const { type } = action
  return (
    <li className="flex flex-col gap-1">
      <div className="flex items-start gap-2">
        <div className="flex min-w-0 flex-1 items-start gap-2 narrow:flex-col narrow:[&>*]:w-full">
          <span className="w-40 shrink-0 pt-2 text-sm">{t(`rules.actions.${type}`)}</span>
          <ActionValue action={action} onChange={onChange} />
        </div>
        <IconButton label={t('rules.removeAction')} onClick={onRemove}>
          <X className="size-4" />
        </IconButton>
      </div>
      {error ? (
        <p role="alert" className="text-xs text-danger">
          {error}
        </p>
      ) : null}
    </li>
  )
}
