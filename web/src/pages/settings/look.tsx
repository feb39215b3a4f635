import { useTranslation } from 'react-i18next'
import { CheckField, SelectField } from '../../components/field.tsx'
import type { Preferences } from '../../data/preferences.ts'
import { usePreferences } from '../../data/services.ts'
import { Section } from './settings-page.tsx'

/** How this browser shows the inbox; kept in this browser. */
export function Look() {
  const { t } = useTranslation()
  const [preferences, set] = usePreferences()
  return (
    <Section title={t('look.title')} lead={t('look.lead')}>
      <div className="grid max-w-2xl gap-4 sm:grid-cols-2">
        <SelectField
          label={t('look.language')}
          value={preferences.language}
          onChange={(event) => set({ language: event.target.value as Preferences['language'] })}
          options={[
            { value: 'system', label: t('look.system') },
            { value: 'en', label: 'English' },
            { value: 'zh', label: '中文' },
          ]}
        />
        <SelectField
          label={t('look.theme')}
          value={preferences.theme}
          onChange={(event) => set({ theme: event.target.value as Preferences['theme'] })}
          options={(['system', 'light', 'dark', 'contrast'] as const).map((value) => ({
            value,
            label: t(`look.${value}`),
          }))}
        />
        <SelectField
          label={t('look.density')}
          value={preferences.density}
          onChange={(event) => set({ density: event.target.value as Preferences['density'] })}
          options={(['comfortable', 'compact'] as const).map((value) => ({ value, label: t(`look.${value}`) }))}
        />
        <SelectField
          label={t('look.sendKey')}
          value={preferences.sendKey}
          onChange={(event) => set({ sendKey: event.target.value as Preferences['sendKey'] })}
          options={(['modEnter', 'enter'] as const).map((value) => ({ value, label: t(`look.${value}`) }))}
        />
      </div>
      <CheckField
        label={t('look.singleKeys')}
        help={t('look.singleKeysHelp')}
        checked={preferences.singleKeys}
        onChange={(event) => set({ singleKeys: event.target.checked })}
      />
    </Section>
  )
}
