import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BotSuggestion } from '../../../../../src/wire/bot.ts'
import { Notice } from '../../../components/badge.tsx'
import { ListSkeleton } from '../../../components/skeleton.tsx'
import { mostSuggestions, suggestionsQuery } from '../../../data/bot.ts'
import { useApi } from '../../../data/services.ts'
import { useKeys } from '../../../keys/use-keys.ts'
import { SettingsPage } from '../settings-page.tsx'
import { BotTabs } from './bot-tabs.tsx'
import { SuggestionCard } from './suggestion-card.tsx'
import { useDecide } from './use-decide.ts'

/** What people answered where the bot could not; somebody reads each before it becomes anything. */
export function ReviewPage() {
  const { t } = useTranslation()
  const found = useQuery(suggestionsQuery(useApi()))
  return (
    <SettingsPage title={t('botPage.title')} lead={t('botPage.reviewLead')}>
      <BotTabs at="review" />
      {found.data ? <Queue items={found.data} /> : found.isError ? null : <ListSkeleton rows={4} />}
      {found.isError ? <Notice tone="danger">{t('error.offline')}</Notice> : null}
    </SettingsPage>
  )
}

function Queue({ items }: { items: readonly BotSuggestion[] }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const decide = useDecide()
  const list = useRef<HTMLUListElement>(null)
  const [place, setPlace] = useState(0)
  const [rewording, setRewording] = useState<string | null>(null)
  const at = Math.min(place, items.length - 1)
  const one = items[at]
  const moved = useRef(false)
  const move = (to: number) => {
    moved.current = true
    setPlace(Math.max(0, Math.min(to, items.length - 1)))
  }
  const id = one?.id
  useEffect(() => {
    // The one that follows a decided one has the next key press.
    if (!moved.current || id === undefined) return
    list.current?.querySelector<HTMLElement>(`[data-suggestion="${id}"]`)?.focus()
  }, [id])
  const mayReword = one?.kind === 'phrasing'
  useKeys({
    j: () => move(at + 1),
    k: () => move(at - 1),
    a: one && (() => void decide.accept(one)),
    e: one && mayReword ? () => setRewording(one.id) : undefined,
    d: one && (() => void decide.dismiss(one)),
    Enter: one && (() => void navigate({ to: '/c/$id', params: { id: one.conversationId } })),
  })
  if (items.length === 0) return <p className="text-soft">{t('botPage.reviewEmpty')}</p>
  return (
    <>
      <p className="-mb-4 text-xs text-faint touch:hidden">{t('botPage.keys')}</p>
      <ul ref={list} aria-label={t('botPage.review')} className="flex flex-col gap-3">
        {items.map((item, n) => (
          <SuggestionCard
            key={item.id}
            item={item}
            chosen={n === at}
            rewording={rewording === item.id}
            onChoose={() => setPlace(n)}
            onReword={(open) => setRewording(open ? item.id : null)}
            decide={decide}
          />
        ))}
      </ul>
      {items.length >= mostSuggestions ? (
        <p className="text-sm text-faint">{t('botPage.reviewMost', { count: mostSuggestions })}</p>
      ) : null}
    </>
  )
}
