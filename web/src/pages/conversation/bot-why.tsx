import { useQuery } from '@tanstack/react-query'
import { ThumbsDown } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Message } from '../../../../src/wire/message.ts'
import { cx } from '../../components/cx.ts'
import { turnsOfQuery } from '../../data/bot.ts'
import { useApi } from '../../data/services.ts'
import { useBot } from './use-bot.ts'
import { useTurnWords } from './use-turn-words.ts'

/** Under what the bot said: from what, how sure it was, and whether a colleague found it wrong. */
export function BotWhy({ message, atEnd = false }: { message: Message; atEnd?: boolean }) {
  const { t } = useTranslation()
  const say = useTurnWords()
  const { judge } = useBot()
  const turns = useQuery(turnsOfQuery(useApi(), message.conversationId)).data
  const turn = turns?.find(({ replyId }) => replyId === message.id)
  if (!turn) return null
  const words = say(turn)
  if (words === '' && !turn.wrong) return null
  return (
    <p
      className={cx(
        'flex flex-wrap items-center gap-x-2 pt-0.5 text-xs text-faint [overflow-wrap:anywhere]',
        atEnd && 'justify-end text-right',
      )}
    >
      {words}
      {turn.wrong ? (
        <span className="flex items-center gap-1 text-danger">
          <ThumbsDown aria-hidden="true" className="size-3" />
          {t('botWhy.wrong')}
          <button
            type="button"
            className="min-h-6 rounded px-1 text-soft underline hover:text-text"
            onClick={() => void judge(message, false)}
          >
            {t('common.undo')}
          </button>
        </span>
      ) : null}
    </p>
  )
}
