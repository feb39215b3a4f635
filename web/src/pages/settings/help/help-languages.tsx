import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { HelpSettings } from '../../../../../src/wire/article.ts'
import { SelectField, TextField } from '../../../components/field.tsx'
import { localeName } from '../../../data/articles.ts'

interface HelpLanguagesProps {
  writing: HelpSettings
  locales: readonly string[]
  onChange: (part: Partial<HelpSettings>) => void
}

/** Which language is the main one; for each, what the help centre is called in it and what stands in for it. */
export function HelpLanguages({ writing, locales, onChange }: HelpLanguagesProps) {
  const { t } = useTranslation()
  const { defaultLocale, names, fallbacks } = writing
  const all = [...new Set([defaultLocale, ...locales, ...Object.keys(fallbacks), ...Object.keys(names)])]
  return (
    <div className="flex flex-col gap-4">
      <SelectField
        label={t('helpSettings.defaultLocale')}
        help={t('helpSettings.defaultLocaleHelp')}
        value={defaultLocale}
        options={all.map((locale) => ({ value: locale, label: localeName(locale) }))}
        onChange={(event) => onChange({ defaultLocale: event.target.value })}
      />
      <ul className="flex flex-col divide-y divide-line rounded-lg border border-line">
        {all.map((locale) => (
          <li key={locale} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
            <span lang={locale} className="w-20 text-sm font-medium">
              {localeName(locale)}
            </span>
            <TextField
              label={t('helpSettings.nameIn', { language: localeName(locale) })}
              hideLabel
              className="min-w-44 flex-1"
              lang={locale}
              maxLength={80}
              placeholder={writing.name || t('helpSettings.name')}
              value={names[locale] ?? ''}
              onChange={(event) => onChange({ names: { ...names, [locale]: event.target.value } })}
            />
            {locale === defaultLocale ? (
              <span className="min-w-52 flex-1 text-xs text-faint">{t('helpSettings.standsInForAll')}</span>
            ) : (
              <Chain
                locale={locale}
                chain={fallbacks[locale] ?? []}
                offered={all.filter((one) => one !== locale && one !== defaultLocale)}
                last={defaultLocale}
                onChange={(chain) => onChange({ fallbacks: { ...fallbacks, [locale]: chain } })}
              />
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}

interface ChainProps {
  locale: string
  chain: readonly string[]
  offered: readonly string[]
  last: string
  onChange: (chain: string[]) => void
}

function Chain({ locale, chain, offered, last, onChange }: ChainProps) {
  const { t } = useTranslation()
  const left = offered.filter((one) => !chain.includes(one))
  return (
    <div className="flex min-w-52 flex-1 flex-wrap items-center gap-1.5 text-xs text-soft">
      <span>{t('helpSettings.standsIn')}</span>
      {chain.map((one) => (
        <span key={one} lang={one} className="inline-flex items-center gap-1 rounded-full bg-pressed pl-2.5">
          {localeName(one)}
          <button
            type="button"
            aria-label={t('helpSettings.removeStandIn', { language: localeName(one) })}
            onClick={() => onChange(chain.filter((other) => other !== one))}
            className="grid size-6 place-items-center rounded-full hover:bg-hover touch:size-11"
          >
            <X className="size-3" />
          </button>
        </span>
      ))}
      {left.length > 0 ? (
        <select
          aria-label={t('helpSettings.addStandIn', { language: localeName(locale) })}
          value=""
          onChange={(event) => onChange([...chain, event.target.value])}
          className="h-6 rounded border border-control-line bg-raised px-1 touch:h-11"
        >
          <option value="">+</option>
          {left.map((one) => (
            <option key={one} value={one}>
              {localeName(one)}
            </option>
          ))}
        </select>
      ) : null}
      <span lang={last}>→ {localeName(last)}</span>
    </div>
  )
}
