import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { ListedBotTurn } from '../../../../../src/wire/bot.ts'
import { Badge, Notice } from '../../../components/badge.tsx'
import { Button } from '../../../components/button.tsx'
import { Dialog } from '../../../components/dialog.tsx'
import { ListSkeleton } from '../../../components/skeleton.tsx'
import { useNow } from '../../../components/use-now.ts'
import { type BotLook, botTurnsPage } from '../../../data/bot.ts'
import { useApi } from '../../../data/services.ts'
import { fullTime, shortTime } from '../../../data/time.ts'
import { useTurnWords } from '../../conversation/use-turn-words.ts'
import { useReasonWords } from './use-reason-words.ts'

/** What a number counts: each leads to the message in its conversation. */
export function TurnsDialog({ look, count, onClose }: { look: BotLook; count: number | null; onClose: () => void }) {
  const { t } = useTranslation()
  const say = useReasonWords()
  const { what, reason } = look
  const name = what ? t(`botPage.numbers.${what}`) : ''
  const title = reason ? `${name}: ${say(reason)}` : name
  return (
    <Dialog
      open={what !== undefined}
      onClose={onClose}
      title={count === null || look.article ? title : t('botPage.list', { what: title, count })}
      width="max-w-2xl"
    >
      {what ? <Turns look={look} /> : null}
    </Dialog>
  )
}

function Turns({ look }: { look: BotLook }) {
  const { t } = useTranslation()
  const api = useApi()
  const turns = useInfiniteQuery({
    queryKey: ['bot-turn-list', look],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => botTurnsPage(api, look, pageParam, signal),
    getNextPageParam: ({ next }) => next,
  })
  if (turns.isError) return <Notice tone="danger">{t('error.offline')}</Notice>
  if (turns.isPending) return <ListSkeleton rows={4} />
  return (
    <>
      <ul className="flex flex-col divide-y divide-line">
        {turns.data.pages
          .flatMap(({ items }) => items)
          .map((turn) => (
            <Turn key={turn.messageId} turn={turn} />
          ))}
      </ul>
      {turns.hasNextPage ? (
        <Button look="quiet" busy={turns.isFetchingNextPage} onClick={() => void turns.fetchNextPage()}>
          {t('botPage.older')}
        </Button>
      ) : null}
    </>
  )
}

function Turn({ turn }: { turn: ListedBotTurn }) {
  const { t, i18n } = useTranslation()
  const now = useNow(60_000)
  const words = useTurnWords()(turn)
  const reason = useReasonWords()
  const said = turn.outcome === 'handedOver' && turn.reason ? reason(turn.reason) : words
  return (
    <li>
      <Link
        to="/c/$id"
        params={{ id: turn.conversationId }}
        hash={`message-${turn.messageId}`}
        className="-mx-2 flex flex-col gap-0.5 rounded px-2 py-2 hover:bg-hover"
      >
        <span className="flex items-baseline gap-2">
          <span className="min-w-0 flex-1 truncate text-sm font-medium">{turn.asked || t('botPage.noWords')}</span>
          {turn.wrong ? <Badge tone="danger">{t('botWhy.wrong')}</Badge> : null}
          <span className="text-xs text-faint tabular-nums">#{turn.number}</span>
          <time
            className="text-xs text-faint"
            dateTime={turn.createdAt}
            title={fullTime(turn.createdAt, i18n.language)}
          >
            {shortTime(turn.createdAt, now, i18n.language)}
          </time>
        </span>
        {said ? <span className="text-xs text-soft [overflow-wrap:anywhere]">{said}</span> : null}
      </Link>
    </li>
  )
}
