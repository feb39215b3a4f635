import type { TFunction } from 'i18next'
import { Link2, Users } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Contact } from '../../../../src/wire/contact.ts'
import { Button } from '../../components/button.tsx'
import { ChannelIcon } from '../../components/channel-icon.tsx'
import { useContactActions } from '../../data/contact.ts'
import { clockTime, dateAndTime } from '../../data/time.ts'
import { askComposer } from '../composer/ask-composer.ts'

/** Nothing is merged by itself: what speaks for it is shown, and somebody decides. */
export function SamePerson({ contact, canAsk }: { contact: Contact; canAsk: boolean }) {
  const { t, i18n } = useTranslation()
  const actions = useContactActions(contact.id)
  const [busy, setBusy] = useState(false)
  const during = async (work: () => Promise<unknown>) => {
    setBusy(true)
    await work()
    setBusy(false)
  }
  const askCode = async () => {
    const made = await actions.askCode()
    if (!made) return
    const time = clockTime(made.expiresAt, i18n.language)
    askComposer({ kind: 'reply', text: t('person.askCodeWords', { code: made.code, time }) })
  }
  return (
    <>
      {contact.suggestions.map((suggestion) => (
        <Suggestion
          key={suggestion.contact.id}
          suggestion={suggestion}
          busy={busy}
          onMerge={() => void during(() => actions.merge(suggestion.contact.id))}
          onDismiss={() => void during(() => actions.dismiss(suggestion.contact.id))}
        />
      ))}
      {contact.merges.map((merge) => (
        <div key={merge.id} className="flex items-center gap-2 text-xs text-soft">
          <Link2 aria-hidden="true" className="size-3.5 shrink-0" />
          <span className="min-w-0 flex-1 [overflow-wrap:anywhere]" title={dateAndTime(merge.at, i18n.language)}>
            {t('person.mergedWith', { name: merge.name || t('contact.nameless') })}
            {merge.evidence.length > 0 ? ` · ${sayEvidence(t, merge.evidence)}` : ''}
          </span>
          <Button look="quiet" disabled={busy} onClick={() => void during(() => actions.unmerge(merge.id))}>
            {t('common.undo')}
          </Button>
        </div>
      ))}
      {canAsk ? (
        <Button
          className="self-start"
          disabled={busy}
          title={t('person.askCodeHelp')}
          onClick={() => void during(askCode)}
        >
          {t('person.askCode')}
        </Button>
      ) : null}
    </>
  )
}

interface SuggestionProps {
  suggestion: Contact['suggestions'][number]
  busy: boolean
  onMerge: () => void
  onDismiss: () => void
}

function Suggestion({ suggestion, busy, onMerge, onDismiss }: SuggestionProps) {
  const { t } = useTranslation()
  const { name, accounts } = suggestion.contact
  return (
    <section
      aria-label={t('person.probably')}
      className="flex flex-col gap-2 rounded border border-line bg-raised p-3 text-sm"
    >
      <p className="flex items-center gap-1.5 text-xs text-soft">
        <Users aria-hidden="true" className="size-3.5" />
        {t('person.probably')}
      </p>
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <strong className="min-w-0 truncate font-semibold">{name || t('contact.nameless')}</strong>
        {accounts.map((account) => (
          <ChannelIcon key={`${account.channel} ${account.name}`} channel={account.channel} className="size-3.5" />
        ))}
      </p>
      <p className="text-soft [overflow-wrap:anywhere]">
        {t('person.because', { why: sayEvidence(t, suggestion.evidence) })}
      </p>
      <div className="flex gap-2">
        <Button disabled={busy} onClick={onMerge}>
          {t('person.merge')}
        </Button>
        <Button look="quiet" disabled={busy} onClick={onDismiss}>
          {t('person.notSame')}
        </Button>
      </div>
    </section>
  )
}

function sayEvidence(t: TFunction, evidence: Contact['merges'][number]['evidence']): string {
  return evidence.map(({ kind, value }) => t(`person.why.${kind}`, { value })).join(t('conversation.and'))
}
