import type { QueryClient } from '@tanstack/react-query'
import type { Conversation } from '../../../src/wire/conversation.ts'
import type { Me } from '../../../src/wire/session.ts'
import { watchActivity } from './activity.ts'
import { type Api, root } from './api.ts'
import { heldConversation, spread } from './conversations.ts'
import type { ConversationList } from './list-merge.ts'
import { createLive } from './live.ts'
import { createLiveSigns } from './live-signs.ts'
import { createOutbox } from './outbox.ts'
import { takePresence } from './presence.ts'
import { createRefresher, type Wanted } from './refresher.ts'
import type { Desk } from './services.ts'
import { showOwn } from './transcript.ts'

/** Rows below the first page that changed are fetched one by one; more than this and they wait until they are opened. */
const rowsAtOnce = 20

export function openDesk(me: Me, api: Api, cache: QueryClient, onSignedOut: () => void): Desk & { stop(): void } {
  const refresher = createRefresher((wanted) => look(api, cache, wanted))
  const signs = createLiveSigns()
  const live = createLive({
    url: (since) => {
      const url = new URL(`${root}/live`, location.href)
      url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
      if (since !== null) url.searchParams.set('since', since)
      return url.href
    },
    onFrame: (frame) => {
      if (frame.type === 'hint')
        refresher.want(
          frame.other
            ? { conversations: frame.conversations, other: frame.other }
            : { conversations: frame.conversations },
        )
      else {
        signs.receive(frame)
        takePresence(cache, me.agent?.id ?? null, frame)
      }
    },
    onStale: () => refresher.want({ all: true }),
    onSignedOut,
  })
  const stopWatching = watchActivity(live)
  const outbox = createOutbox(api, me.agent?.id ?? 'token', (message) => showOwn(cache, message))
  return {
    me,
    live,
    signs,
    outbox,
    stop() {
      stopWatching()
      live.stop()
      outbox.stop()
      refresher.stop()
    },
  }
}

async function look(api: Api, cache: QueryClient, wanted: Wanted): Promise<void> {
  if (wanted.all) {
    await cache.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'me' })
    return
  }
  const other = Promise.all([...wanted.other].map((name) => cache.invalidateQueries({ queryKey: [listNameOf(name)] })))
  const news = [...wanted.conversations].filter(
    ([id, version]) => (heldConversation(cache, id)?.version ?? -1) < version,
  )
  if (news.length === 0) return void (await other)
  await Promise.all([
    other,
    ...news.flatMap(([id]) => [
      cache.invalidateQueries({ queryKey: ['conversation', id] }),
      cache.invalidateQueries({ queryKey: ['transcript', id] }),
    ]),
    cache.invalidateQueries({ queryKey: ['list'] }).then(() => freshenRows(api, cache, news)),
    cache.invalidateQueries({ queryKey: ['counts'] }),
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
