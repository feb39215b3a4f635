import { CircleCheck, TriangleAlert } from 'lucide-react'
import type { CSSProperties } from 'react'
import { useTranslation } from 'react-i18next'
import type { HelpLook } from '../../../../../src/wire/article.ts'

/** WCAG 2.2 AA, for text. */
const readable = 4.5

interface LookPreviewProps {
  theme: 'light' | 'dark'
  look: HelpLook['light']
  name: string
}

/** A page in small, with the very values of the stylesheet; what cannot be read on it is said. */
export function LookPreview({ theme, look: { values, contrasts }, name }: LookPreviewProps) {
  const { t } = useTranslation()
  const at = (variable: string) => values[variable] ?? ''
  const page: CSSProperties = {
    background: at('page'),
    color: at('text'),
    fontFamily: at('font'),
    borderColor: at('line'),
    colorScheme: theme,
  }
  const card: CSSProperties = { background: at('card'), borderColor: at('line'), borderRadius: at('radius') }
  const words = (variable: string) =>
    t(`helpSettings.variable.${variable === 'on-accent' ? 'onAccent' : (variable as 'text')}`)
  const poor = contrasts.filter(({ ratio }) => ratio !== null && ratio < readable)
  return (
    <figure className="flex min-w-0 flex-col gap-2">
      <figcaption className="text-sm font-medium">{t(`helpSettings.${theme}`)}</figcaption>
      <div aria-hidden="true" className="flex flex-col gap-3 rounded-lg border p-4 text-sm" style={page}>
        <strong>{name || t('helpSettings.title')}</strong>
        <div className="flex flex-col gap-1 border px-3.5 py-3" style={card}>
          <span className="font-semibold">{t('helpSettings.sampleTitle')}</span>
          <span style={{ color: at('quiet') }}>{t('helpSettings.sampleSummary')}</span>
          <span className="underline underline-offset-2" style={{ color: at('accent') }}>
            {t('helpSettings.sampleLink')}
          </span>
        </div>
        <span
          className="self-start px-3 py-1.5 font-semibold"
          style={{ background: at('accent'), color: at('on-accent'), borderRadius: at('radius') }}
        >
          {t('helpSettings.sampleButton')}
        </span>
      </div>
      {poor.length === 0 ? (
        <p className="flex items-center gap-1.5 text-xs text-soft">
          <CircleCheck className="size-3.5 text-success" aria-hidden="true" />
          {t('helpSettings.readable')}
        </p>
      ) : (
        <ul className="flex flex-col gap-0.5 text-xs text-danger">
          {poor.map(({ of, on, ratio }) => (
            <li key={`${of} ${on}`} className="flex items-center gap-1.5">
              <TriangleAlert className="size-3.5 shrink-0" aria-hidden="true" />
              {t('helpSettings.unreadable', { of: words(of), on: words(on), ratio })}
            </li>
          ))}
        </ul>
      )}
    </figure>
  )
}
