import { queryOptions, useQuery } from '@tanstack/react-query'
import type {
  Assist,
  BotQuality,
  BotStatus,
  BotSuggestion,
  BotTurn,
  BotTurnKind,
  ListedBotTurn,
} from '../../../src/wire/bot.ts'
import type { Page } from '../../../src/wire/primitive.ts'
import type { Api } from './api.ts'
import { useApi, useDesk } from './services.ts'

export const botStatusQuery = (api: Api) =>
  queryOptions<BotStatus>({
    queryKey: ['bot'],
    refetchInterval: 15_000,
    queryFn: ({ signal }) => api.get<BotStatus>('/bot', {}, signal),
  })

/** What the address bar says of the page of numbers; whole days, as the reader's calendar has them. */
export interface BotLook {
  from?: string
  to?: string
  inbox?: string
  language?: string
  article?: string
  /** The number whose list is open. */
  what?: BotTurnKind
  reason?: string
}

const kinds: readonly BotTurnKind[] = [
  ...(['asked', 'answered', 'offered', 'chosen', 'askedBack', 'thanked', 'handedOver', 'wrong', 'thenPeople'] as const),
]

export function botLook(search: Record<string, unknown>): BotLook {
  const text = (name: string, shape: RegExp) => {
    const value = String(search[name] ?? '')
    return shape.test(value) ? { [name]: value } : {}
  }
  const what = kinds.find((kind) => kind === search['what'])
  return {
    ...text('from', /^\d{4}-\d{2}-\d{2}$/),
    ...text('to', /^\d{4}-\d{2}-\d{2}$/),
    ...text('inbox', /^[1-9]\d{0,18}$/),
    ...text('article', /^[1-9]\d{0,18}$/),
    ...text('language', /^[a-z]{2,3}$/),
    ...text('reason', /^[A-Za-z]{1,40}$/),
    ...(what && { what }),
  }
}

const dayMs = 24 * 3_600_000

/** "2026-11-22", here. */
export function dayOf(at: Date): string {
  const pad = (n: number) => String(n).padStart(2, '0')
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`
}

export function lastDays(days: number, now = new Date()): { from: string; to: string } {
  return { from: dayOf(new Date(now.getTime() - (days - 1) * dayMs)), to: dayOf(now) }
}

/** From the first moment of one day to the last of another. */
function spanOf({ from, to, inbox, language, article }: BotLook) {
  const usual = lastDays(30)
  const start = new Date(`${from ?? usual.from}T00:00:00`)
  const end = new Date(`${to ?? usual.to}T00:00:00`)
  end.setDate(end.getDate() + 1)
  return { from: start.toISOString(), to: end.toISOString(), inbox, language, article }
}

export const botQualityQuery = (api: Api, look: BotLook) => {
  const span = spanOf(look)
  return queryOptions<BotQuality>({
    queryKey: ['bot-quality', span],
    queryFn: ({ signal }) => api.get<BotQuality>('/bot/quality', span, signal),
    placeholderData: (old) => old,
  })
}

export function botTurnsPage(api: Api, look: BotLook, next: string | null, signal?: AbortSignal) {
  const query = { ...spanOf(look), what: look.what, reason: look.reason, next }
  return api.get<Page<ListedBotTurn>>('/bot/turns', query, signal)
}

/** The server hands out no more. */
export const mostSuggestions = 200
export const suggestionsKey = ['bot-suggestions'] as const
export const suggestionsQuery = (api: Api) =>
  queryOptions<BotSuggestion[]>({
    queryKey: suggestionsKey,
    staleTime: 30_000,
    queryFn: async ({ signal }) => (await api.get<Page<BotSuggestion>>('/bot/suggestions', {}, signal)).items,
  })

/** For supervisors and administrators; null: not known. */
export function useOpenSuggestions(): number | null {
  const lead = useDesk().me.agent?.role !== 'agent'
  const { data } = useQuery({ ...suggestionsQuery(useApi()), enabled: lead })
  return lead ? (data?.length ?? null) : null
}

export const botTurnsKey = (conversationId: string) => ['bot-turns', conversationId] as const
export const turnsOfQuery = (api: Api, conversationId: string) =>
  queryOptions<BotTurn[]>({
    queryKey: botTurnsKey(conversationId),
    staleTime: 5_000,
    queryFn: async ({ signal }) =>
      (await api.get<Page<BotTurn>>(`/conversations/${conversationId}/bot`, {}, signal)).items,
  })

export const assistQuery = (api: Api, conversationId: string) =>
  queryOptions<Assist>({
    queryKey: ['assist', conversationId],
    staleTime: 20_000,
    queryFn: ({ signal }) => api.get<Assist>(`/conversations/${conversationId}/suggestions`, {}, signal),
  })

export function percent(share: number, language: string): string {
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 }).format(share)
}
