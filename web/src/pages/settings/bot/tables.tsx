import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { BotQuality, BotTurnKind } from '../../../../../src/wire/bot.ts'
import { useInboxes } from '../../../data/directory.ts'
import { languageName } from '../../../data/routing.ts'
import { Section } from '../settings-page.tsx'
import { useReasonWords } from './use-reason-words.ts'

/** Why people had to take it, the most frequent first. */
export function ReasonList({ quality, onOpen }: { quality: BotQuality; onOpen: (reason: string) => void }) {
  const { t } = useTranslation()
  const say = useReasonWords()
  const most = quality.reasons[0]?.count ?? 1
  if (quality.reasons.length === 0) return null
  return (
    <Section title={t('botPage.why')}>
      <ul className="flex flex-col divide-y divide-line rounded-lg border border-line">
        {quality.reasons.map(({ reason, count }) => (
          <li key={reason}>
            <button
              type="button"
              onClick={() => onOpen(reason)}
              className="grid min-h-9 w-full grid-cols-[minmax(0,280px)_1fr_auto] items-center gap-3 px-4 py-1.5 text-left text-sm hover:bg-hover touch:min-h-11 narrow:grid-cols-[1fr_64px_auto]"
            >
              <span>{say(reason)}</span>
              <span aria-hidden="true" className="h-1.5 rounded-full bg-pressed">
                <span className="block h-full rounded-full bg-accent" style={{ width: `${(100 * count) / most}%` }} />
              </span>
              <span className="w-10 text-right tabular-nums">{count}</span>
            </button>
          </li>
        ))}
      </ul>
    </Section>
  )
}

interface ArticleTableProps {
  quality: BotQuality
  onOpen: (what: BotTurnKind, more: { article: string }) => void
}

const counted = ['answered', 'chosen', 'thenPeople', 'wrong'] as const

export function ArticleTable({ quality, onOpen }: ArticleTableProps) {
  const { t } = useTranslation()
  if (quality.articles.length === 0) return null
  return (
    <Section title={t('botPage.articles')} lead={t('botPage.articlesLead')}>
      <Table head={[t('botPage.article'), ...counted.map((what) => t(`botPage.numbers.${what}`))]}>
        {quality.articles.map((article) => (
          <tr key={article.id}>
            <th scope="row" className="py-1.5 pr-3 pl-4 text-left font-normal">
              <Link to="/articles/$id" params={{ id: article.id }} className="hover:underline">
                {article.title}
              </Link>
            </th>
            {counted.map((what) => (
              <Cell
                key={what}
                count={article[what]}
                label={`${article.title}: ${t(`botPage.numbers.${what}`)}`}
                onOpen={() => onOpen(what, { article: article.id })}
              />
            ))}
          </tr>
        ))}
      </Table>
    </Section>
  )
}

const shares = ['asked', 'answered', 'handedOver', 'wrong'] as const
interface ShareRow {
  key: string
  name: string
  share: Record<(typeof shares)[number], number>
  look: { inbox?: string; language?: string } | null
}

/** Where and in which language; a name narrows everything else to it. */
export function ShareTables({
  quality,
  onLook,
}: {
  quality: BotQuality
  onLook: (change: { inbox?: string; language?: string }) => void
}) {
  const { t, i18n } = useTranslation()
  const inboxes = useInboxes()
  const byInbox = quality.inboxes.map(({ id, ...share }): ShareRow => {
    const name = inboxes.find((inbox) => inbox.id === id)?.name ?? '?'
    return { key: id, name, share, look: { inbox: id } }
  })
  const byLanguage = quality.languages.map(({ language, ...share }): ShareRow => {
    const name = language ? languageName(language, i18n.language) : t('botPage.unknownLanguage')
    return { key: language ?? '', name, share, look: language ? { language } : null }
  })
  return (
    <div className="grid grid-cols-2 gap-6 narrow:grid-cols-1">
      <Shares title={t('botPage.byInbox')} rows={byInbox} onLook={onLook} />
      <Shares title={t('botPage.byLanguage')} rows={byLanguage} onLook={onLook} />
    </div>
  )
}

interface SharesProps {
  title: string
  rows: ShareRow[]
  onLook: (change: { inbox?: string; language?: string }) => void
}

function Shares({ title, rows, onLook }: SharesProps) {
  const { t } = useTranslation()
  return (
    <Section title={title}>
      <Table head={[title, ...shares.map((what) => t(`botPage.numbers.${what}`))]}>
        {rows.map(({ key, name, share, look }) => (
          <tr key={key}>
            <th scope="row" className="py-1.5 pr-3 pl-4 text-left font-normal">
              {look ? (
                <button type="button" className="min-h-6 text-left hover:underline" onClick={() => onLook(look)}>
                  {name}
                </button>
              ) : (
                name
              )}
            </th>
            {shares.map((what) => (
              <td key={what} className="px-2 text-right tabular-nums last:pr-4">
                {share[what]}
              </td>
            ))}
          </tr>
        ))}
      </Table>
    </Section>
  )
}

function Table({ head, children }: { head: readonly string[]; children: ReactNode }) {
  return (
    <div className="overflow-x-auto rounded-lg border border-line">
      <table className="w-full text-sm">
        <thead>
          <tr className="border-b border-line text-xs text-faint">
            {head.map((name, at) => (
              <th
                key={name}
                scope="col"
                className={
                  at === 0
                    ? 'py-2 pl-4 text-left font-normal'
                    : 'px-2 text-right font-normal whitespace-nowrap last:pr-4'
                }
              >
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">{children}</tbody>
      </table>
    </div>
  )
}

function Cell({ count, label, onOpen }: { count: number; label: string; onOpen: () => void }) {
  return (
    <td className="px-1 text-right tabular-nums last:pr-3">
      {count === 0 ? (
        <span className="px-1 text-faint">0</span>
      ) : (
        <button
          type="button"
          aria-label={`${label}: ${count}`}
          className="min-h-6 min-w-6 rounded px-1 font-medium text-accent-text hover:bg-hover touch:min-h-11 touch:min-w-11"
          onClick={onOpen}
        >
          {count}
        </button>
      )}
    </td>
  )
}
