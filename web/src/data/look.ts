import type { QueryClient } from '@tanstack/react-query'
import type { Conversation } from '../../../src/wire/conversation.ts'
import type { Api } from './api.ts'
import { heldConversation, spread } from './conversations.ts'
import { fetchAnew } from './fetch-anew.ts'
import type { ConversationList } from './list-merge.ts'
import type { Wanted } from './refresher.ts'
import { transcriptKey } from './transcript.ts'

/** Rows below the first page that changed are fetched one by one; more than this and they wait until they are opened. */
const rowsAtOnce = 20

/** Fetches what hints say has changed. */
export async function look(api: Api, cache: QueryClient, wanted: Wanted): Promise<void> {
  const again = (queryKey: readonly unknown[]) => fetchAnew(cache, { queryKey })
  if (wanted.all) return fetchAnew(cache, { predicate: (query) => query.queryKey[0] !== 'me' })
  const ids = [...wanted.conversations.keys()]
  const news = [...wanted.conversations].filter(
    ([id, version]) => (heldConversation(cache, id)?.version ?? -1) < version,
  )
  await Promise.all([
    ...[...wanted.other].map((name) => again([listNameOf(name)])),
    // Whatever version the conversation is held at: the answer to a change of our own brings it without what was said meanwhile.
    ...ids.map((id) => again(transcriptKey(id))),
    ...news.map(([id]) => again(['conversation', id])),
    ...(news.length > 0 ? [again(['list']).then(() => freshenRows(api, cache, news)), again(['counts'])] : []),
  ])
}

function listNameOf(kind: string): string {
  if (kind.startsWith('inbox')) return 'inboxes'
  return kind.endsWith('s') ? kind : `${kind}s`
}

/** Rows that stay where they are, far below the first page, and still changed. */
async function freshenRows(api: Api, cache: QueryClient, news: readonly [string, number][]): Promise<void> {
  const active = cache.getQueriesData<ConversationList>({ queryKey: ['list'], type: 'active' })
  const behind = news.filter(([id, version]) =>
    active.some(([, list]) => list?.items.some((item) => item.id === id && item.version < version)),
  )
  await Promise.all(
    behind.slice(0, rowsAtOnce).map(async ([id]) => spread(cache, await api.get<Conversation>(`/conversations/${id}`))),
  )
}
