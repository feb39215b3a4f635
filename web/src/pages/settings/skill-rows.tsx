import { Plus, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../../components/button.tsx'

export interface Option {
  readonly value: string
  readonly label: string
}
export interface Chosen {
  readonly value: string
  readonly level: number
}

interface SkillRowsProps {
  label: string
  help: string
  options: readonly Option[]
  chosen: readonly Chosen[]
  onChange: (chosen: Chosen[]) => void
}

export const select =
  'h-8 rounded border border-control-line bg-raised px-2 text-sm text-text transition-colors duration-100 touch:h-11'
const levels = [1, 2, 3] as const

/** What somebody can do, and how well. */
export function SkillRows({ label, help, options, chosen, onChange }: SkillRowsProps) {
  const { t } = useTranslation()
  const left = options.filter(({ value }) => !chosen.some((one) => one.value === value))
  const nameOf = (value: string) => options.find((option) => option.value === value)?.label ?? value
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="text-sm font-medium">{label}</legend>
      {chosen.length === 0 ? <p className="text-xs text-faint">{help}</p> : null}
      <ul className="flex flex-col gap-1.5">
        {chosen.map((one) => (
          <li key={one.value} className="flex items-center gap-2 text-sm">
            <span className="min-w-0 flex-1 truncate">{nameOf(one.value)}</span>
            <select
              className={select}
              aria-label={t('skills.levelOf', { name: nameOf(one.value) })}
              value={one.level}
              onChange={(event) =>
                onChange(chosen.map((other) => (other === one ? { ...one, level: Number(event.target.value) } : other)))
              }
            >
              {levels.map((level) => (
                <option key={level} value={level}>
                  {t(`skills.level.${level}`)}
                </option>
              ))}
            </select>
            <IconButton
              label={t('skills.remove', { name: nameOf(one.value) })}
              onClick={() => onChange(chosen.filter((other) => other !== one))}
            >
              <X className="size-4" />
            </IconButton>
          </li>
        ))}
      </ul>
      {left.length ? (
        <AddRow label={label} options={left} onAdd={(value) => onChange([...chosen, { value, level: 2 }])} />
      ) : null}
    </fieldset>
  )
}

function AddRow({
  label,
  options,
  onAdd,
}: {
  label: string
  options: readonly Option[]
  onAdd: (value: string) => void
}) {
  const { t } = useTranslation()
  return (
    <label className="flex items-center gap-2 self-start text-sm text-soft">
      <Plus aria-hidden="true" className="size-4" />
      <span className="sr-only">{`${t('skills.add')}: ${label}`}</span>
      <select className={select} value="" onChange={(event) => event.target.value && onAdd(event.target.value)}>
        <option value="">{t('skills.add')}</option>
        {options.map(({ value, label: name }) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}
