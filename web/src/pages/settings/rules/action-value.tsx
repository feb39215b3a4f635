import { useTranslation } from 'react-i18next'
import type { RuleAction } from '../../../../../src/wire/rule-action.ts'
import { SelectField, TextArea, TextField } from '../../../components/field.tsx'
import { type Choice, type RuleNames, useRuleNames } from '../../../data/rule-names.ts'
import { CommaField } from './comma-field.tsx'
import { PickMany } from './pick-many.tsx'

interface ActionValueProps {
  action: RuleAction
  onChange: (action: RuleAction) => void
}

export function ActionValue({ action, onChange }: ActionValueProps) {
  const { t } = useTranslation()
  const names = useRuleNames()
  switch (action.type) {
    case 'addTags':
    case 'removeTags':
      return (
        <CommaField
          label={t(`rules.actions.${action.type}`)}
          help={t('rules.commas')}
          values={action.tags}
          onChange={(tags) => onChange({ ...action, tags })}
        />
      )
    case 'note':
      return (
        <TextArea
          label={t('rules.actions.note')}
          hideLabel
          className="min-w-0 flex-1"
          maxLength={5_000}
          value={action.text}
          onChange={(event) => onChange({ ...action, text: event.target.value })}
        />
      )
    case 'webhook':
      return (
        <TextField
          label={t('rules.webhookLabel')}
          hideLabel
          placeholder={t('rules.webhookLabel')}
          className="min-w-0 flex-1"
          maxLength={100}
          value={action.label}
          onChange={(event) => onChange({ ...action, label: event.target.value })}
        />
      )
    case 'notify':
      return <Notified action={action} names={names} onChange={onChange} />
    default:
      return <Chosen action={action} names={names} onChange={onChange} />
  }
}

type Notify = Extract<RuleAction, { type: 'notify' }>

function Notified({
  action,
  names,
  onChange,
}: {
  action: Notify
  names: RuleNames
  onChange: (action: RuleAction) => void
}) {
  const { t } = useTranslation()
  const choices = [
    ...names.teams.map(({ value, label }) => ({ value: `team ${value}`, label: `${t('rules.field.team')}: ${label}` })),
    ...names.agents,
  ]
  const values = [...(action.teamId ? [`team ${action.teamId}`] : []), ...action.agentIds]
  return (
    <PickMany
      label={t('rules.actions.notify')}
      choices={choices}
      values={values}
      onChange={(next) => {
        const teamId = next.findLast((value) => value.startsWith('team '))?.slice(5)
        const agentIds = next.filter((value) => !value.startsWith('team '))
        onChange({ type: 'notify', agentIds, ...(teamId ? { teamId } : {}) })
      }}
    />
  )
}

type OneOf = Exclude<RuleAction, { type: 'addTags' | 'removeTags' | 'note' | 'webhook' | 'notify' }>

/** One value out of a list. */
function Chosen({
  action,
  names,
  onChange,
}: {
  action: OneOf
  names: RuleNames
  onChange: (action: RuleAction) => void
}) {
  const { t } = useTranslation()
  const pick: Choice = { value: '', label: t('rules.pick') }
  const yesNo = (yes: string, no: string): Choice[] => [
    { value: 'yes', label: yes },
    { value: 'no', label: no },
  ]
  const select = (value: string, options: readonly Choice[], put: (value: string) => RuleAction) => (
    <SelectField
      label={t(`rules.actions.${action.type}`)}
      hideLabel
      {...(action.type === 'macro' ? { help: t('rules.macroLead') } : {})}
      className="min-w-0 flex-1"
      value={value}
      options={options}
      onChange={(event) => onChange(put(event.target.value))}
    />
  )
  switch (action.type) {
    case 'team':
      return select(action.teamId, [pick, ...names.teams], (teamId) => ({ type: 'team', teamId }))
    case 'agent':
      return select(action.agentId, [pick, ...names.agents], (agentId) => ({ type: 'agent', agentId }))
    case 'topic':
      return select(action.topicId, [pick, ...names.topics], (topicId) => ({ type: 'topic', topicId }))
    case 'policy':
      return select(action.policyId, [pick, ...names.policies], (policyId) => ({ type: 'policy', policyId }))
    case 'macro':
      return select(action.macroId, [pick, ...names.macros], (macroId) => ({ type: 'macro', macroId }))
    case 'priority':
      return select(action.priority, names.choices('priority') ?? [], (priority) => ({
        ...action,
        priority: priority as typeof action.priority,
      }))
    case 'tier':
      return select(String(action.tier), names.choices('tier') ?? [], (tier) => ({ type: 'tier', tier: Number(tier) }))
    case 'vip':
      return select(action.vip ? 'yes' : 'no', yesNo(t('rules.value.yes'), t('rules.value.no')), (value) => ({
        type: 'vip',
        vip: value === 'yes',
      }))
    case 'bot':
      return select(action.on ? 'yes' : 'no', yesNo(t('rules.botOn'), t('rules.botOff')), (value) => ({
        type: 'bot',
        on: value === 'yes',
      }))
    default:
      return action satisfies never
  }
}
