import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useDeferredValue } from 'react'
import { useTranslation } from 'react-i18next'
import type { HelpLook, HelpSettings } from '../../../../../src/wire/article.ts'
import { TextField } from '../../../components/field.tsx'
import { useApi } from '../../../data/services.ts'
import { LookPreview } from './look-preview.tsx'

const colours = ['page', 'card', 'text', 'quiet', 'line'] as const
const shapes = ['font', 'radius', 'measure'] as const
const themes = ['light', 'dark'] as const

interface HelpLookProps {
  writing: HelpSettings
  onChange: (part: Partial<HelpSettings>) => void
}

/** Colours and shape, and the pages as they would look: reckoned where their stylesheet is written, so that both agree. */
export function HelpLookFields({ writing, onChange }: HelpLookProps) {
  const { t } = useTranslation()
  const api = useApi()
  const { variables, darkVariables } = writing
  const asked = useDeferredValue({ accent: writing.accent, ...whole(variables, darkVariables) })
  const look = useQuery({
    queryKey: ['help-look', asked],
    queryFn: () => api.send<HelpLook>('POST', '/help-settings/look', asked),
    placeholderData: keepPreviousData,
    retry: false,
  }).data
  const own = { light: variables, dark: darkVariables }
  const set = (theme: 'light' | 'dark', name: string, value: string | undefined) =>
    onChange({ [theme === 'light' ? 'variables' : 'darkVariables']: { ...own[theme], [name]: value } })
  return (
    <div className="flex flex-col gap-5">
      <div className="grid gap-4 sm:grid-cols-2">
        {look
          ? themes.map((theme) => <LookPreview key={theme} theme={theme} look={look[theme]} name={writing.name} />)
          : null}
      </div>
      <Colour
        label={t('helpSettings.accent')}
        help={t('helpSettings.accentHelp')}
        value={writing.accent}
        onChange={(accent) => onChange({ accent })}
      />
      <details className="rounded-lg border border-line">
        <summary className="cursor-pointer px-4 py-2.5 text-sm font-medium">{t('helpSettings.more')}</summary>
        <div className="flex flex-col gap-5 border-t border-line p-4">
          <div className="grid gap-x-8 gap-y-5 sm:grid-cols-2">
            {themes.map((theme) => (
              <fieldset key={theme} className="flex flex-col gap-3">
                <legend className="pb-2 text-sm font-semibold">{t(`helpSettings.${theme}`)}</legend>
                {colours.map((name) => (
                  <Colour
                    key={name}
                    label={t(`helpSettings.variable.${name}`)}
                    value={own[theme][name] ?? look?.[theme].values[name] ?? '#000000'}
                    onChange={(value) => set(theme, name, value)}
                    {...(own[theme][name] && { onReset: () => set(theme, name, undefined) })}
                  />
                ))}
              </fieldset>
            ))}
          </div>
          {shapes.map((name) => (
            <TextField
              key={name}
              label={t(`helpSettings.variable.${name}`)}
              value={variables[name] ?? ''}
              placeholder={look?.light.values[name] ?? ''}
              maxLength={200}
              onChange={(event) => set('light', name, event.target.value)}
            />
          ))}
        </div>
      </details>
    </div>
  )
}

/** Empty fields are the usual values. */
function whole(variables: HelpSettings['variables'], darkVariables: HelpSettings['darkVariables']) {
  const told = (values: HelpSettings['variables']) =>
    Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value.trim() !== ''))
  return { variables: told(variables), darkVariables: told(darkVariables) }
}

interface ColourProps {
  label: string
  help?: string
  value: string
  onChange: (value: string) => void
  onReset?: () => void
}

function Colour({ label, help, value, onChange, onReset }: ColourProps) {
  const { t } = useTranslation()
  return (
    <div className="flex items-center gap-3">
      <label className="flex flex-1 items-center gap-3 text-sm">
        <input
          type="color"
          value={/^#[0-9a-f]{6}$/i.test(value) ? value : '#000000'}
          onChange={(event) => onChange(event.target.value)}
          className="h-8 w-12 shrink-0 cursor-pointer rounded border border-control-line bg-raised p-0.5 touch:h-11"
        />
        <span className="flex flex-col">
          <span>{label}</span>
          {help ? <span className="text-xs text-faint">{help}</span> : null}
        </span>
      </label>
      <code className="font-mono text-xs text-faint">{value}</code>
      {onReset ? (
        <button type="button" onClick={onReset} className="min-h-6 text-xs text-accent-text underline touch:min-h-11">
          {t('helpSettings.reset')}
        </button>
      ) : null}
    </div>
  )
}
