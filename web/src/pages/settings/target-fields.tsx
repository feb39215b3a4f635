import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PromiseKind, Targets } from '../../../../src/wire/sla-policy.ts'
import { priorities, shownTarget, type Unit, unitOf } from '../../data/policy-form.ts'

const box = 'h-9 w-full min-w-0 rounded border border-control-line bg-raised px-2 text-base touch:h-11'

/** One promise for four priorities. */
export function TargetFields({ kind, target }: { kind: PromiseKind; target: Targets[PromiseKind] | undefined }) {
  const { t } = useTranslation()
  const id = useId()
  const before = unitOf(target)
  const [unit, setUnit] = useState<Unit>(before)
  return (
    <fieldset aria-labelledby={id} className="flex flex-col gap-1.5 border-t border-line pt-2.5">
      <div className="flex flex-wrap items-center justify-between gap-x-3">
        <span id={id} className="text-sm font-medium">
          {t(`promises.${kind}`)}
        </span>
        {kind === 'update' ? <span className="text-xs text-faint">{t('promises.updateHelp')}</span> : null}
      </div>
      <div className="grid grid-cols-4 gap-2 sm:grid-cols-[repeat(4,minmax(0,1fr))_6.5rem]">
        {priorities.map((priority) => (
          <label key={priority} className="flex min-w-0 flex-col gap-0.5 text-xs text-soft">
            {t(`priority.${priority}`)}
            <input
              name={`${kind}.${priority}`}
              type="number"
              min={unit === 'hours' ? 0.25 : 1}
              max={unit === 'hours' ? 8_760 : 525_600}
              step={unit === 'hours' ? 0.25 : 1}
              className={box}
              defaultValue={shownTarget(target?.[priority], before)}
            />
          </label>
        ))}
        <label className="col-span-4 flex flex-col gap-0.5 text-xs text-soft sm:col-span-1">
          {t('promises.unit')}
          <select
            name={`${kind}.unit`}
            value={unit}
            onChange={(event) => setUnit(event.target.value as Unit)}
            className={box}
          >
            <option value="minutes">{t('promises.minutes')}</option>
            <option value="hours">{t('promises.hoursUnit')}</option>
          </select>
        </label>
      </div>
    </fieldset>
  )
}
