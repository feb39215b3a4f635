import { useQuery } from '@tanstack/react-query'
import { Moon, Sun } from 'lucide-react'
import { type CSSProperties, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { HelpLook, HelpSettings } from '../../../../src/wire/article.ts'
import { cx } from '../../components/cx.ts'
import { useApi } from '../../data/services.ts'

type Theme = 'light' | 'dark'
const themes: readonly Theme[] = ['light', 'dark']

/** What is written in the colours in which customers read it, whatever those of the desk are. */
export function PreviewPane({ locale, children }: { locale: string; children: ReactNode }) {
  const { t } = useTranslation()
  const [theme, setTheme] = useState<Theme>(() =>
    getComputedStyle(document.documentElement).colorScheme === 'dark' ? 'dark' : 'light',
  )
  const look = useHelpLook()?.[theme].values
  return (
    <section
      aria-label={t('articles.preview')}
      className="flex min-w-0 flex-col gap-2 lg:sticky lg:top-4 lg:max-h-[calc(100dvh-8rem)]"
    >
      <div className="flex items-center justify-between gap-2">
        <h2 className="text-sm font-medium">{t('articles.preview')}</h2>
        <div className="flex gap-1">
          {themes.map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={theme === one}
              onClick={() => setTheme(one)}
              className={cx(
                'inline-flex h-7 items-center gap-1.5 rounded px-2 text-xs touch:h-11 [&>svg]:size-3.5',
                theme === one ? 'bg-pressed font-medium' : 'text-soft hover:bg-hover',
              )}
            >
              {one === 'light' ? <Sun /> : <Moon />}
              {t(`helpSettings.${one}`)}
            </button>
          ))}
        </div>
      </div>
      <div
        lang={locale}
        style={look ? styleOf(look, theme) : undefined}
        className="min-w-0 rounded-lg border border-line bg-raised p-6 text-text lg:overflow-y-auto"
      >
        {children}
      </div>
    </section>
  )
}

/** The tokens of ours that a preview uses, with the values of the pages. */
function styleOf(look: Readonly<Record<string, string>>, theme: Theme): CSSProperties {
  return {
    colorScheme: theme,
    fontFamily: look['font'],
    '--raised': look['page'],
    '--text': look['text'],
    '--text-soft': look['quiet'],
    '--pressed': look['code'],
    '--line': look['line'],
    '--line-strong': look['line'],
    '--accent-text': look['accent'],
  } as CSSProperties
}

function useHelpLook(): HelpLook | undefined {
  const api = useApi()
  return useQuery({
    queryKey: ['help-look', 'kept'],
    staleTime: 60_000,
    queryFn: async () => {
      const { accent, variables, darkVariables } = await api.get<HelpSettings>('/help-settings')
      return api.send<HelpLook>('POST', '/help-settings/look', { accent, variables, darkVariables })
    },
  }).data
}
