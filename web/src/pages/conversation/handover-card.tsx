import { Bot, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Activity, Conversation } from '../../../../src/wire/conversation.ts'
import { Button, IconButton } from '../../components/button.tsx'
import type { Transcript } from '../../data/message-merge.ts'
import { handedOverReason, loggedTurns } from './bot-words.ts'
import { useBot } from './use-bot.ts'
import { useTurnWords } from './use-turn-words.ts'

const shownTurns = 3
const longestAsked = 160

interface HandoverCardProps {
  conversation: Conversation
  transcript: Transcript | undefined
}

/** What the bot was asked and did, for whoever takes over; gone with their first answer. */
export function HandoverCard({ conversation, transcript }: HandoverCardProps) {
  const [hidden, setHidden] = useState<string | null>(null)
  const log = handOverToRead(conversation, transcript)
  if (!log || hidden === log.id) return null
  return <Card conversation={conversation} transcript={transcript} log={log} onHide={() => setHidden(log.id)} />
}

/** The last one that nobody answered after. */
export function handOverToRead(conversation: Conversation, transcript: Transcript | undefined): Activity | null {
  if (!transcript || conversation.holder === 'bot' || conversation.status === 'resolved') return null
  const last = transcript.activities.findLast(({ kind }) => kind === 'botHandedOver' || kind === 'botGiven')
  if (last?.kind !== 'botHandedOver') return null
  const answered = transcript.messages.some(
    ({ seq, direction, sender }) => direction === 'out' && sender.type === 'agent' && seq > (last.afterSeq ?? 0),
  )
  return answered ? null : last
}

function Card({ conversation, transcript, log, onHide }: HandoverCardProps & { log: Activity; onHide: () => void }) {
  const { t } = useTranslation()
  const say = useTurnWords()
  const bot = useBot()
  const turns = loggedTurns(log.data)
  const earlier = Math.max(0, turns.length - shownTurns)
  const asked = (id: unknown) => {
    const text = transcript?.messages.find((message) => message.id === id)?.text.replace(/\s+/g, ' ') ?? ''
    return text.length > longestAsked ? `${text.slice(0, longestAsked)}…` : text
  }
  return (
    <section
      aria-label={t('botCard.title')}
      className="flex max-h-[32dvh] shrink-0 items-start gap-3 overflow-y-auto border-b border-line bg-info-soft/50 px-6 py-2.5 text-sm narrow:px-3"
    >
      <Bot aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-info" />
      <div className="flex min-w-0 flex-1 flex-col gap-1.5">
        <p className="font-medium">{handedOverReason(t, log.data)}</p>
        <ol className="flex flex-col gap-1">
          {turns.slice(-shownTurns).map((turn) => (
            <li key={String(turn.messageId)} className="[overflow-wrap:anywhere]">
              {asked(turn.messageId) ? <span>{t('botCard.asked', { words: asked(turn.messageId) })}</span> : null}
              {say(turn) ? <span className="block text-xs text-soft">{say(turn)}</span> : null}
            </li>
          ))}
        </ol>
        {earlier > 0 ? <p className="text-xs text-soft">{t('botCard.earlier', { count: earlier })}</p> : null}
      </div>
      <Button look="quiet" className="narrow:hidden" onClick={() => void bot.give(conversation.id)}>
        {t('botCard.back')}
      </Button>
      <IconButton label={t('botCard.hide')} onClick={onHide}>
        <X className="size-4" />
      </IconButton>
    </section>
  )
}
