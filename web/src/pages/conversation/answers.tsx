import { Link } from '@tanstack/react-router'
import { Check, Copy, Search } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { KeptAnswer } from '../../../../src/wire/form.ts'
import { IconButton } from '../../components/button.tsx'
import { labelFor } from '../../data/forms.ts'

/** What the customer filled in, each to be copied, and to be looked for in other cases. */
export function Answers({ answers }: { answers: readonly KeptAnswer[] }) {
  const { t, i18n } = useTranslation()
  if (answers.length === 0) return null
  return (
    <section aria-labelledby="answers-of-conversation" className="border-b border-line p-4 text-sm">
      <h3 id="answers-of-conversation" className="pb-2 text-xs text-faint">
        {t('forms.answers')}
      </h3>
      <dl className="flex flex-col gap-2">
        {answers.map((answer) => {
          const shown = answer.valueLabels ? labelFor(answer.valueLabels, i18n.language) || answer.value : answer.value
          const isId = answer.kind === 'transactionId' || answer.kind === 'address'
          return (
            <div key={answer.key}>
              <dt className="text-faint">{answer.label}</dt>
              <dd className="flex items-start gap-1">
                <span className={`min-w-0 flex-1 py-1 break-words ${isId ? 'font-mono text-xs break-all' : ''}`}>
                  {shown}
                </span>
                {isId ? <Same value={answer.value} /> : null}
                <CopyButton value={shown} label={answer.label} />
              </dd>
            </div>
          )
        })}
      </dl>
    </section>
  )
}

function Same({ value }: { value: string }) {
  const { t } = useTranslation()
  return (
    <Link
      to="/inbox/$view"
      params={{ view: 'all' }}
      search={{ status: 'any', answer: value.slice(0, 100) }}
      aria-label={t('forms.same')}
      title={t('forms.same')}
      className="grid size-7 shrink-0 place-items-center rounded text-soft hover:bg-hover touch:size-11"
    >
      <Search className="size-3.5" />
    </Link>
  )
}

function CopyButton({ value, label }: { value: string; label: string }) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState(false)
  return (
    <IconButton
      label={t(copied ? 'forms.copied' : 'forms.copy', { label })}
      onClick={() => void navigator.clipboard.writeText(value).then(() => setCopied(true))}
    >
      {copied ? <Check className="size-3.5" /> : <Copy className="size-3.5" />}
    </IconButton>
  )
}
