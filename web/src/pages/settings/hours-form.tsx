import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BusinessHours, Holiday } from '../../../../src/wire/business-hours.ts'
import { Notice } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { SelectField, TextField } from '../../components/field.tsx'
import {
  dayNames,
  faultOf,
  type Keyed,
  keyed,
  spansOf,
  timeZones,
  usualWeek,
  type Week,
  weekOf,
} from '../../data/hours-form.ts'
import { useApi } from '../../data/services.ts'
import { useSubmit } from '../../data/use-submit.ts'
import { HolidayList } from './holiday-list.tsx'
import { WeekGrid } from './week-grid.tsx'

export function HoursForm({ hours, onDone }: { hours: BusinessHours | null; onDone: () => void }) {
  const { t, i18n } = useTranslation()
  const api = useApi()
  const cache = useQueryClient()
  const submit = useSubmit(['name'])
  const [week, setWeek] = useState<Week>(() => (hours ? weekOf(hours.week) : usualWeek()))
  const [holidays, setHolidays] = useState<readonly Keyed<Holiday>[]>(() => (hours?.holidays ?? []).map(keyed))
  const fault = faultOf(week, holidays)
  const days = dayNames(i18n.language)
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone
  const save = async (form: FormData) => {
    const body = {
      name: String(form.get('name')).trim(),
      timeZone: String(form.get('timeZone')),
      week: spansOf(week),
      holidays: holidays.map(({ key: _, ...holiday }) => holiday),
    }
    await (hours ? api.send('PATCH', `/business-hours/${hours.id}`, body) : api.send('POST', '/business-hours', body))
    await cache.invalidateQueries({ queryKey: ['business-hours'] })
    onDone()
  }
  return (
    <form className="flex flex-col gap-5" onSubmit={submit.onSubmit(save)}>
      {submit.problem ? <Notice tone="danger">{submit.problem}</Notice> : null}
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label={t('hours.name')}
          name="name"
          defaultValue={hours?.name ?? ''}
          placeholder={t('hours.nameHint')}
          required
          maxLength={200}
          error={submit.problems['name']}
        />
        <SelectField
          label={t('hours.timeZone')}
          name="timeZone"
          defaultValue={hours?.timeZone ?? own}
          options={timeZones(hours?.timeZone ?? own).map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }))}
        />
      </div>
      <WeekGrid week={week} onChange={setWeek} />
      <HolidayList holidays={holidays} onChange={setHolidays} />
      {fault ? (
        <p role="alert" className="text-sm text-danger">
          {fault.kind === 'overlap' ? t('hours.overlap', { day: days[fault.day] }) : t(`hours.${fault.kind}`)}
        </p>
      ) : null}
      <Button look="primary" type="submit" busy={submit.busy} disabled={fault !== null} className="self-end">
        {t('common.save')}
      </Button>
    </form>
  )
}
