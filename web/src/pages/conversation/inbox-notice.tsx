import { Link } from '@tanstack/react-router'
import { CircleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Conversation } from '../../../../src/wire/conversation.ts'
import type { Health } from '../../../../src/wire/inbox.ts'
import { useNow } from '../../components/use-now.ts'
import { useHealth } from '../../data/health.ts'
import { sayFailure } from '../../data/refusal-words.ts'
import { useSaid } from '../../data/said.ts'
import { useDesk } from '../../data/services.ts'

/** A connection that comes back by itself within this time is nobody's trouble, ms. */
const patienceMs = 60_000

/** What does not work on this inbox, for whoever writes there, until it works again. */
export function InboxNotice({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation()
  const { me } = useDesk()
  const now = useNow()
  const said = useSaid(conversation.channel)
  const health = useHealth(conversation.inboxId, 20_000)
  const trouble = health && troubleOf(health, now)
  if (!trouble) return null
  const sentence = trouble.failure ? sayFailure(t, trouble.failure, said(trouble.sentence)) : said(trouble.sentence)
  return (
    <div role="status" className="flex items-start gap-2.5 bg-warning-soft px-4 py-1.5 text-sm text-warning">
      <CircleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
      <span title={sentence} className="min-w-0 whitespace-pre-line [overflow-wrap:anywhere] narrow:line-clamp-3">
        {sentence}
      </span>
      {me.agent?.role === 'agent' ? null : (
        <Link
          to="/settings/inboxes/$id"
          params={{ id: conversation.inboxId }}
          className="ml-auto shrink-0 font-medium underline underline-offset-2"
        >
          {t('alarm.look')}
        </Link>
      )}
    </div>
  )
}

function troubleOf({ state, since, error, warning }: Health, now: Date) {
  if (error && state === 'badCredentials') return { failure: 'auth' as const, sentence: error }
  const long = now.getTime() - Date.parse(since) > patienceMs
  if (error && state === 'unavailable' && long) return { failure: 'unavailable' as const, sentence: error }
  return warning ? { failure: null, sentence: warning } : null
}
