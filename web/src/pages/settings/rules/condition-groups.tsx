import { Plus, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button, IconButton } from '../../../components/button.tsx'
import { SelectField } from '../../../components/field.tsx'
import { type GroupDraft, keyed, newCondition, newGroup, type RuleDraft } from '../../../data/rule-draft.ts'
import { ConditionRow } from './condition-row.tsx'

interface ConditionGroupsProps {
  draft: RuleDraft
  problems: Readonly<Record<string, string>>
  change: (part: Partial<RuleDraft>) => void
}

/** Blocks of conditions. Most rules have one. */
export function ConditionGroups({ draft, problems, change }: ConditionGroupsProps) {
  const { t } = useTranslation()
  const { groups, match } = draft
  const put = (key: string, next: GroupDraft | null) =>
    change({ groups: groups.flatMap((group) => (group.key === key ? (next ?? []) : group)) })
  return (
    <div className="flex flex-col gap-3">
      {groups.length > 1 ? (
        <MatchField label={t('rules.conditionsTitle')} match={match} onChange={(next) => change({ match: next })} />
      ) : null}
      {groups.length === 0 ? <p className="text-sm text-soft">{t('rules.conditionsNone')}</p> : null}
      {groups.map((group, at) => (
        <Group
          key={group.key}
          group={group}
          title={t('rules.block', { number: at + 1 })}
          problemOf={(n) => startingWith(problems, `conditions.groups.${at}.conditions.${n}`)}
          onChange={(next) => put(group.key, next)}
        />
      ))}
      <Button className="self-start" onClick={() => change({ groups: [...groups, newGroup()] })}>
        <Plus className="size-4" />
        {t(groups.length === 0 ? 'rules.addCondition' : 'rules.addGroup')}
      </Button>
    </div>
  )
}

/** The server names the very value; the row shows it. */
export function startingWith(problems: Readonly<Record<string, string>>, path: string): string | undefined {
  return Object.entries(problems).find(([field]) => field === path || field.startsWith(`${path}.`))?.[1]
}

function MatchField({
  label,
  match,
  onChange,
}: {
  label: string
  match: 'all' | 'any'
  onChange: (match: 'all' | 'any') => void
}) {
  const { t } = useTranslation()
  return (
    <SelectField
      label={label}
      hideLabel
      className="w-56 narrow:w-full"
      value={match}
      options={[
        { value: 'all', label: t('rules.all') },
        { value: 'any', label: t('rules.any') },
      ]}
      onChange={(event) => onChange(event.target.value as 'all' | 'any')}
    />
  )
}

interface GroupProps {
  group: GroupDraft
  title: string
  problemOf: (n: number) => string | undefined
  onChange: (group: GroupDraft | null) => void
}

function Group({ group, title, problemOf, onChange }: GroupProps) {
  const { t } = useTranslation()
  const { conditions } = group
  return (
    <fieldset aria-label={title} className="flex min-w-0 flex-col gap-3 rounded-lg border border-line p-3">
      <div className="flex items-center justify-between gap-2">
        <MatchField label={title} match={group.match} onChange={(match) => onChange({ ...group, match })} />
        <IconButton label={t('rules.removeGroup')} onClick={() => onChange(null)}>
          <Trash2 className="size-4" />
        </IconButton>
      </div>
      <ul className="flex flex-col gap-3">
        {conditions.map(({ key, value }, n) => (
          <ConditionRow
            key={key}
            condition={value}
            error={problemOf(n)}
            onChange={(next) =>
              onChange({
                ...group,
                conditions: conditions.map((one) => (one.key === key ? { key, value: next } : one)),
              })
            }
            onRemove={() => {
              const left = conditions.filter((one) => one.key !== key)
              onChange(left.length > 0 ? { ...group, conditions: left } : null)
            }}
          />
        ))}
      </ul>
      <Button
        look="quiet"
        className="self-start"
        onClick={() => onChange({ ...group, conditions: [...conditions, keyed(newCondition('text'))] })}
      >
        <Plus className="size-4" />
        {t('rules.addCondition')}
      </Button>
    </fieldset>
  )
}
