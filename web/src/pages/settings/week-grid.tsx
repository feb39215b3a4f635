import { Plus, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button, IconButton } from '../../components/button.tsx'
import { changed, dayNames, likeMonday, nextTimes, type Times, type Week } from '../../data/hours-form.ts'

// Wide enough for clocks with AM and PM; on a phone the field itself opens the picker.
const box =
  'h-9 w-[7.75rem] rounded border border-control-line bg-raised px-2 text-base tabular-nums touch:h-11 narrow:w-[6.25rem] narrow:[&::-webkit-calendar-picker-indicator]:hidden'

/** A row for each day; every time is two plain fields, so that it works by keyboard and on a phone. */
export function WeekGrid({ week, onChange }: { week: Week; onChange: (week: Week) => void }) {
  const { t, i18n } = useTranslation()
  const days = dayNames(i18n.language)
  return (
    <fieldset>
      <legend className="pb-1 text-sm font-medium">{t('hours.week')}</legend>
      <ul className="flex flex-col divide-y divide-line rounded-lg border border-line">
        {week.map((times, day) => (
          <Day
            key={days[day]}
            name={days[day] ?? ''}
            times={times}
            onChange={(next) => onChange(changed(week, day, next))}
          />
        ))}
      </ul>
      <div className="flex flex-wrap items-center justify-between gap-2 pt-2">
        <p className="text-xs text-faint">{t('hours.midnight')}</p>
        <Button look="quiet" onClick={() => onChange(likeMonday(week))}>
          {t('hours.likeMonday')}
        </Button>
      </div>
    </fieldset>
  )
}

interface DayProps {
  name: string
  times: readonly Times[]
  onChange: (times: readonly Times[]) => void
}

function Day({ name, times, onChange }: DayProps) {
  const { t } = useTranslation()
  const next = nextTimes(times)
  const set = (index: number, change: Partial<Times>) =>
    onChange(times.map((old, n) => (n === index ? { ...old, ...change } : old)))
  return (
    <li className="flex items-start gap-2 px-3 py-2 narrow:flex-wrap">
      <span className="w-24 shrink-0 pt-2 text-sm narrow:flex-1 narrow:self-center narrow:pt-0">{name}</span>
      <div className="flex min-w-0 flex-1 flex-col gap-1.5 narrow:order-last narrow:w-full narrow:flex-none">
        {times.length ? null : <span className="pt-2 text-sm text-faint narrow:pt-0">{t('hours.closed')}</span>}
        {times.map((one, index) => (
          <span key={one.key} className="flex items-center gap-1.5">
            <input
              type="time"
              required
              aria-label={t('hours.from', { day: name })}
              value={one.from}
              onChange={(event) => set(index, { from: event.target.value })}
              className={box}
            />
            <span className="text-sm text-faint">{t('hours.until')}</span>
            <input
              type="time"
              required
              aria-label={t('hours.to', { day: name })}
              value={one.to}
              onChange={(event) => set(index, { to: event.target.value })}
              className={box}
            />
            <IconButton
              label={t('hours.removeTime', { day: name, time: `${one.from}–${one.to}` })}
              onClick={() => onChange(times.filter((_, n) => n !== index))}
            >
              <X className="size-4" />
            </IconButton>
          </span>
        ))}
      </div>
      <IconButton
        label={t('hours.addTimeOn', { day: name })}
        disabled={next === null}
        onClick={() => next && onChange([...times, next])}
      >
        <Plus className="size-4" />
      </IconButton>
    </li>
  )
}
