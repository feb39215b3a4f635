import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SlaPolicy } from '../../../../src/wire/sla-policy.ts'
import { Notice } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { CheckField, SelectField, TextField } from '../../components/field.tsx'
import { useInboxes, useTeams } from '../../data/directory.ts'
import { useBusinessHours } from '../../data/due.ts'
import { kinds, policyOf } from '../../data/policy-form.ts'
import { useApi } from '../../data/services.ts'
import { useSubmit } from '../../data/use-submit.ts'
import { TargetFields } from './target-fields.tsx'

export function PolicyForm({ policy, onDone }: { policy: SlaPolicy | null; onDone: () => void }) {
  const { t } = useTranslation()
  const api = useApi()
  const cache = useQueryClient()
  const hours = useBusinessHours()
  const submit = useSubmit(['name'])
  const save = async (form: FormData) => {
    const body = policyOf(form)
    await (policy ? api.send('PATCH', `/sla-policies/${policy.id}`, body) : api.send('POST', '/sla-policies', body))
    await cache.invalidateQueries({ queryKey: ['sla-policies'] })
    onDone()
  }
  const choices = hours.map(({ id, name }) => ({ value: id, label: name }))
  return (
    <form className="flex flex-col gap-4" onSubmit={submit.onSubmit(save)}>
      {submit.problem ? <Notice tone="danger">{submit.problem}</Notice> : null}
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label={t('promises.name')}
          name="name"
          defaultValue={policy?.name ?? ''}
          required
          maxLength={200}
          error={submit.problems['name']}
        />
        <SelectField
          key={hours.length}
          label={t('promises.hours')}
          name="hours"
          defaultValue={policy?.businessHoursId ?? ''}
          options={[{ value: '', label: t('promises.always') }, ...choices]}
        />
      </div>
      <fieldset className="flex flex-col gap-3">
        <legend className="pb-1 text-sm font-medium">{t('promises.targets')}</legend>
        <p className="text-xs text-faint">{t('promises.targetsHelp')}</p>
        {kinds.map((kind) => (
          <TargetFields key={kind} kind={kind} target={policy?.targets[kind]} />
        ))}
      </fieldset>
      <WarningFields policy={policy} />
      <CheckField label={t('promises.escalates')} name="escalates" defaultChecked={policy?.escalates ?? false} />
      <CheckField label={t('promises.isDefault')} name="isDefault" defaultChecked={policy?.isDefault ?? false} />
      <Users policy={policy} />
      <Button look="primary" type="submit" busy={submit.busy} className="self-end">
        {t('common.save')}
      </Button>
    </form>
  )
}

function WarningFields({ policy }: { policy: SlaPolicy | null }) {
  const { t } = useTranslation()
  const warning = policy?.warning ?? null
  const before = warning === null ? '' : 'percent' in warning ? 'percent' : 'minutes'
  const [way, setWay] = useState(before)
  const amount = warning === null ? 80 : 'percent' in warning ? warning.percent : warning.minutes
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <SelectField
        label={t('promises.warn')}
        name="warn"
        value={way}
        onChange={(event) => setWay(event.target.value)}
        options={[
          { value: '', label: t('promises.warnNone') },
          { value: 'percent', label: t('promises.warnPercent') },
          { value: 'minutes', label: t('promises.warnMinutes') },
        ]}
      />
      {way ? (
        <TextField
          key={way}
          label={t('promises.warnAmount')}
          name="warnAmount"
          type="number"
          min={1}
          max={way === 'percent' ? 99 : 525_600}
          required
          defaultValue={way === before ? amount : way === 'percent' ? 80 : 15}
        />
      ) : null}
    </div>
  )
}

function Users({ policy }: { policy: SlaPolicy | null }) {
  const { t } = useTranslation()
  const lists = [
    { name: 'team', title: t('promises.teams'), rows: useTeams(), chosen: policy?.teamIds },
    { name: 'inbox', title: t('promises.inboxes'), rows: useInboxes(), chosen: policy?.inboxIds },
  ]
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      {lists.map(({ name, title, rows, chosen }) =>
        rows.length ? (
          <fieldset key={name} className="max-h-48 overflow-y-auto">
            <legend className="pb-1 text-sm font-medium">{title}</legend>
            {rows.map((row) => (
              <CheckField
                key={row.id}
                label={row.name}
                name={name}
                value={row.id}
                defaultChecked={chosen?.includes(row.id) ?? false}
              />
            ))}
          </fieldset>
        ) : null,
      )}
    </div>
  )
}
