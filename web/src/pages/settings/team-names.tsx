import { useTranslation } from 'react-i18next'
import type { NewTeam, Team } from '../../../../src/wire/agent.ts'
import { TextField } from '../../components/field.tsx'
import { languageName } from '../../data/routing.ts'

const spoken = ['en', 'zh', 'ja', 'ko', 'ru'] as const

export function namesIn(form: FormData): NonNullable<NewTeam['customerSeesIn']> {
  const said = spoken.map((language) => [language, String(form.get(`sees.${language}`) ?? '').trim()] as const)
  return Object.fromEntries(said.filter(([, text]) => text !== ''))
}

/** What customers who speak one of these read instead. */
export function TeamNames({ team }: { team: Team | null }) {
  const { t, i18n } = useTranslation()
  const known = team?.customerSeesIn ?? {}
  return (
    <details open={Object.keys(known).length > 0}>
      <summary className="cursor-pointer text-sm font-medium">{t('people.customerSeesIn')}</summary>
      <p className="py-1 text-xs text-faint">{t('people.customerSeesInHelp')}</p>
      <div className="grid gap-x-4 gap-y-2 sm:grid-cols-2">
        {spoken.map((language) => (
          <TextField
            key={language}
            label={languageName(language, i18n.language)}
            name={`sees.${language}`}
            lang={language}
            defaultValue={known[language] ?? ''}
            maxLength={200}
          />
        ))}
      </div>
    </details>
  )
}
