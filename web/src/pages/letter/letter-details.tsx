import { Download } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Letter } from '../../../../src/wire/letter.ts'
import type { Message } from '../../../../src/wire/message.ts'
import { envelopeRows, nameAndAddress } from '../../data/letter.ts'
import { fullTime } from '../../data/time.ts'
import { useOriginal } from './use-original.ts'

const checks = ['dmarc', 'dkim', 'spf'] as const

/** The whole envelope, what our mail server found out about it, and why it stands here. */
export function LetterDetails({ message, letter }: { message: Message; letter: Letter }) {
  const { t, i18n } = useTranslation()
  const original = useOriginal(message.id)
  const { authentication } = letter
  const found = checks.flatMap((check) => {
    const verdict = authentication?.[check]
    if (!verdict) return []
    const said = { check: t(`letter.check.${check}`), verdict: t(`letter.verdict.${verdict}`) }
    return [t('letter.checkLine', { ...said, name: check.toUpperCase() })]
  })
  return (
    <div className="flex flex-col items-start gap-1 rounded bg-ground p-3 text-xs">
      <dl className="grid w-full grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1 [&>dd]:break-words">
        <Line label={t('letter.row.from')}>{nameAndAddress(letter.from)}</Line>
        {envelopeRows.map((row) =>
          letter[row]?.length ? (
            <Line key={row} label={t(`letter.row.${row}`)}>
              {letter[row].map(nameAndAddress).join(', ')}
            </Line>
          ) : null,
        )}
        {message.subject ? <Line label={t('letter.row.subject')}>{message.subject}</Line> : null}
        <Line label={t('letter.date')}>{dateOf(letter, message, i18n.language)}</Line>
        {found.length ? <Line label={t('letter.checks')}>{found.join(' · ')}</Line> : null}
        {message.joinedBy ? <Line label={t('letter.why')}>{t(`letter.joinedBy.${message.joinedBy}`)}</Line> : null}
      </dl>
      {message.direction === 'in' ? (
        <button
          type="button"
          disabled={original.busy}
          className="inline-flex min-h-6 items-center gap-1.5 rounded text-accent-text underline underline-offset-2 disabled:opacity-55 touch:min-h-11"
          onClick={original.download}
        >
          <Download aria-hidden="true" className="size-3.5" />
          {t('letter.original')}
        </button>
      ) : null}
    </div>
  )
}

function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-faint">{label}</dt>
      <dd>{children}</dd>
    </>
  )
}

/** The sender's own clock, where it can be read. */
function dateOf({ date }: Letter, { createdAt }: Message, language: string): string {
  const said = date === undefined ? Number.NaN : Date.parse(date)
  return fullTime(Number.isNaN(said) ? createdAt : new Date(said).toISOString(), language)
}
