import { ChevronDown } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { cx } from '../../components/cx.ts'
import { type Envelope, envelopeRows, isAddress, nameOrAddress } from '../../data/letter.ts'
import { AddressField } from './address-field.tsx'
import type { EnvelopeInHand } from './use-envelope.ts'

/** To, Cc, Bcc and subject of a mail: one line to read, four to change. */
export function EnvelopeFields({ hand }: { hand: EnvelopeInHand }) {
  const { t } = useTranslation()
  const { envelope, problem, changed, change, reset } = hand
  const [open, setOpen] = useState(false)
  const fields = useId()
  // Stays open once it is put right: nothing folds away under the fingers.
  if (problem !== null && !open) setOpen(true)
  if (!envelope) return null
  return (
    <div className="flex flex-col gap-1 border-b border-line px-3.5 pt-0.5 pb-1.5 text-xs">
      <button
        type="button"
        aria-expanded={open}
        aria-controls={fields}
        title={t(open ? 'envelope.fold' : 'envelope.edit')}
        className="-mx-1 flex min-h-6 min-w-0 items-center gap-1 rounded px-1 text-left text-soft hover:bg-hover touch:min-h-11"
        onClick={() => setOpen(!open)}
      >
        <Summary envelope={envelope} />
        <ChevronDown
          aria-hidden="true"
          className={cx('size-3.5 shrink-0 transition-transform duration-150', open && 'rotate-180')}
        />
      </button>
      <div id={fields} hidden={!open} className="flex flex-col gap-1.5">
        {open ? (
          <>
            {envelopeRows.map((row) => (
              <AddressField
                key={row}
                label={t(`letter.row.${row}`)}
                addresses={envelope[row]}
                onChange={(next) => change({ [row]: next })}
              />
            ))}
            <SubjectField subject={envelope.subject} onChange={(subject) => change({ subject })} />
            <div className="flex min-h-6 items-center gap-3">
              <p role="status" className="flex-1 text-danger">
                {problem === null ? '' : t(problem === 'nobody' ? 'envelope.missing' : 'envelope.wrong')}
              </p>
              {changed ? (
                <button
                  type="button"
                  className="min-h-6 rounded px-1 text-soft underline underline-offset-2 touch:min-h-11"
                  onClick={reset}
                >
                  {t('envelope.reset')}
                </button>
              ) : null}
            </div>
          </>
        ) : null}
      </div>
    </div>
  )
}

function SubjectField({ subject, onChange }: { subject: string; onChange: (subject: string) => void }) {
  const { t } = useTranslation()
  const id = useId()
  return (
    <div className="flex items-center gap-2">
      <label htmlFor={id} className="w-12 shrink-0 text-faint">
        {t('letter.row.subject')}
      </label>
      <input
        id={id}
        value={subject}
        maxLength={998}
        dir="auto"
        className="h-6 min-w-0 flex-1 bg-transparent outline-none touch:h-11 narrow:text-lg"
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  )
}

function Summary({ envelope }: { envelope: Envelope }) {
  const { t } = useTranslation()
  const named = envelopeRows.filter((row) => envelope[row].length > 0)
  return (
    <span className="min-w-0 flex-1 truncate">
      {named.map((row, at) => (
        <span key={row}>
          <span className="text-faint">{`${at > 0 ? ' · ' : ''}${t(`letter.row.${row}`)} `}</span>
          <span className={envelope[row].every((one) => isAddress(one.address)) ? 'text-text' : 'text-danger'}>
            {envelope[row].map(nameOrAddress).join(', ')}
          </span>
        </span>
      ))}
      <span className="text-faint">{` · ${envelope.subject || t('envelope.noSubject')}`}</span>
    </span>
  )
}
