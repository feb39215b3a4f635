import { useQuery } from '@tanstack/react-query'
import { ChevronRight, ScrollText } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Assist } from '../../../../src/wire/bot.ts'
import { cx } from '../../components/cx.ts'
import { Skeleton } from '../../components/skeleton.tsx'
import { assistQuery } from '../../data/bot.ts'
import type { Transcript } from '../../data/message-merge.ts'
import { useApi } from '../../data/services.ts'

/** Shorter ones are read faster than summed up; the server knows the same number. */
const long = 8

/** Of a long conversation, on demand: nothing is asked for before somebody opens it. */
export function SummaryBar({ id, transcript }: { id: string; transcript: Transcript | undefined }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const said = transcript?.messages.filter(({ direction }) => direction !== 'note').length ?? 0
  if (said < long && !transcript?.hasOlder) return null
  return (
    <section className="shrink-0 border-b border-line bg-surface text-sm">
      <button
        type="button"
        aria-expanded={open}
        className="flex h-8 w-full items-center gap-2 px-6 text-left text-xs text-soft hover:bg-hover narrow:px-3 touch:h-11"
        onClick={() => setOpen(!open)}
      >
        <ScrollText aria-hidden="true" className="size-3.5" />
        {t('assist.summary')}
        <ChevronRight aria-hidden="true" className={cx('size-3.5 transition-transform', open && 'rotate-90')} />
      </button>
      {open ? <Summary id={id} /> : null}
    </section>
  )
}

function Summary({ id }: { id: string }) {
  const { t } = useTranslation()
  const found = useQuery(assistQuery(useApi(), id))
  const summary = found.data?.summary
  return (
    <div className="mx-auto max-h-[30dvh] max-w-[860px] overflow-y-auto px-6 pt-1 pb-3 narrow:px-3">
      {found.isPending ? <Skeleton className="h-12 w-full" /> : null}
      {found.isError ? <p className="text-danger">{t('assist.failed')}</p> : null}
      {summary ? <Extracts summary={summary} /> : null}
      {found.data && !summary ? <p className="text-soft">{t('assist.summaryNone')}</p> : null}
    </div>
  )
}

function Extracts({ summary }: { summary: NonNullable<Assist['summary']> }) {
  const { t } = useTranslation()
  const { firstQuestion, lastQuestion, promised } = summary
  if (!firstQuestion && !lastQuestion && promised.length === 0) {
    return <p className="text-soft">{t('assist.summaryNone')}</p>
  }
  return (
    <dl className="grid grid-cols-[96px_1fr] gap-x-3 gap-y-1.5">
      {firstQuestion ? (
        <Extract name={t('assist.firstQuestion')}>
          <Sentence {...firstQuestion} />
        </Extract>
      ) : null}
      {lastQuestion ? (
        <Extract name={t('assist.lastQuestion')}>
          <Sentence {...lastQuestion} />
        </Extract>
      ) : null}
      {promised.length > 0 ? (
        <Extract name={t('assist.promised')}>
          {promised.map((one) => (
            <Sentence key={one.messageId} {...one} />
          ))}
        </Extract>
      ) : null}
    </dl>
  )
}

function Extract({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="pt-0.5 text-xs text-faint">{name}</dt>
      <dd className="flex min-w-0 flex-col gap-1">{children}</dd>
    </>
  )
}

/** As it was said; leads to where. */
function Sentence({ messageId, text }: { messageId: string; text: string }) {
  return (
    <a href={`#message-${messageId}`} className="rounded text-left hover:underline [overflow-wrap:anywhere]">
      {text}
    </a>
  )
}
