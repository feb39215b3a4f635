import { Plus, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Holiday } from '../../../../src/wire/business-hours.ts'
import { Button, IconButton } from '../../components/button.tsx'
import { emptyHoliday, type Keyed } from '../../data/hours-form.ts'

const box = 'h-9 min-w-0 rounded border border-control-line bg-raised px-2 text-base touch:h-11'

interface HolidayListProps {
  holidays: readonly Keyed<Holiday>[]
  onChange: (holidays: readonly Keyed<Holiday>[]) => void
}

export function HolidayList({ holidays, onChange }: HolidayListProps) {
  const { t } = useTranslation()
  const set = (index: number, change: Partial<Holiday>) =>
    onChange(holidays.map((old, n) => (n === index ? { ...old, ...change } : old)))
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="pb-1 text-sm font-medium">{t('hours.holidays')}</legend>
      {holidays.length ? null : <p className="text-sm text-faint">{t('hours.noHolidays')}</p>}
      <ul className="flex flex-col gap-2 narrow:gap-4">
        {holidays.map((holiday, index) => (
          <li key={holiday.key} className="flex flex-wrap items-center gap-2">
            <input
              type="date"
              required
              aria-label={t('hours.holidayFrom')}
              value={holiday.from}
              onChange={(event) => {
                const from = event.target.value
                set(index, { from, ...(holiday.to < from && { to: from }) })
              }}
              className={`${box} narrow:min-w-[7.5rem] narrow:flex-1`}
            />
            <span className="text-sm text-faint">{t('hours.until')}</span>
            <input
              type="date"
              required
              aria-label={t('hours.holidayTo')}
              value={holiday.to}
              onChange={(event) => set(index, { to: event.target.value })}
              className={`${box} narrow:min-w-[7.5rem] narrow:flex-1`}
            />
            <input
              type="text"
              maxLength={200}
              aria-label={t('hours.holidayName')}
              placeholder={t('hours.holidayName')}
              value={holiday.name}
              onChange={(event) => set(index, { name: event.target.value })}
              className={`${box} flex-1 narrow:basis-3/5`}
            />
            <IconButton
              label={t('hours.removeHoliday', { name: holiday.name || holiday.from })}
              onClick={() => onChange(holidays.filter((_, n) => n !== index))}
            >
              <X className="size-4" />
            </IconButton>
          </li>
        ))}
      </ul>
      <Button className="self-start" onClick={() => onChange([...holidays, emptyHoliday(new Date())])}>
        <Plus className="size-4" />
        {t('hours.addHoliday')}
      </Button>
    </fieldset>
  )
}
