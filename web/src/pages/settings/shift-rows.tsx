import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Shift } from '../../../../src/wire/skills.ts'
import { Button, IconButton } from '../../components/button.tsx'
import { cx } from '../../components/cx.ts'
import { select } from './skill-rows.tsx'

interface ShiftRowsProps {
  shifts: readonly Shift[]
  onChange: (shifts: Shift[]) => void
}

/** Every row is one stretch of one day of the week. */
export function ShiftRows({ shifts, onChange }: ShiftRowsProps) {
  const { t, i18n } = useTranslation()
  const [rows, setRows] = useState(() => shifts.map((shift) => ({ shift, key: crypto.randomUUID() })))
  const write = (next: typeof rows) => {
    setRows(next)
    onChange(next.map(({ shift }) => shift))
  }
  const put = (key: string, change: Partial<Shift>) =>
    write(rows.map((row) => (row.key === key ? { key, shift: { ...row.shift, ...change } } : row)))
  const last = rows.at(-1)?.shift
  const next = { day: last ? (last.day % 7) + 1 : 1, from: last?.from ?? '09:00', to: last?.to ?? '17:00' }
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="text-sm font-medium">{t('skills.shifts')}</legend>
      {rows.length === 0 ? <p className="text-xs text-faint">{t('skills.shiftsHelp')}</p> : null}
      <ul className="flex flex-col gap-1.5">
        {rows.map(({ key, shift: { day, from, to } }) => (
          <li key={key} className="flex items-center gap-2">
            <select
              className={cx(select, 'min-w-0 flex-1')}
              aria-label={t('skills.day')}
              value={day}
              onChange={(event) => put(key, { day: Number(event.target.value) })}
            >
              {[1, 2, 3, 4, 5, 6, 7].map((one) => (
                <option key={one} value={one}>
                  {dayName(one, i18n.language)}
                </option>
              ))}
            </select>
            <ClockTime label={t('skills.from')} value={from} onChange={(value) => put(key, { from: value })} />
            <ClockTime label={t('skills.to')} value={to} onChange={(value) => put(key, { to: value })} />
            <IconButton label={t('skills.removeShift')} onClick={() => write(rows.filter((row) => row.key !== key))}>
              <X className="size-4" />
            </IconButton>
          </li>
        ))}
      </ul>
      <Button
        look="quiet"
        className="self-start"
        onClick={() => write([...rows, { shift: next, key: crypto.randomUUID() }])}
      >
        <Plus className="size-4" />
        {t('skills.addShift')}
      </Button>
    </fieldset>
  )
}

/** As written, since a browser's own field knows no 24:00. */
function ClockTime({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  return (
    <input
      aria-label={label}
      className={cx(select, 'w-18 tabular-nums')}
      value={value}
      inputMode="numeric"
      pattern="(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)"
      placeholder="09:00"
      required
      onChange={(event) => onChange(event.target.value)}
    />
  )
}

/** 2024 began on a Monday. */
function dayName(day: number, language: string): string {
  return new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' }).format(
    new Date(Date.UTC(2024, 0, day)),
  )
}
