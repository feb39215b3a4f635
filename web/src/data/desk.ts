import type { QueryClient } from '@tanstack/react-query'
import type { Me } from '../../../src/wire/session.ts'
import { watchActivity } from './activity.ts'
import { type Api, root } from './api.ts'
import { createLive } from './live.ts'
import { createLiveSigns } from './live-signs.ts'
import { look } from './look.ts'
import { createOutbox } from './outbox.ts'
import { takePresence } from './presence.ts'
import { createRefresher } from './refresher.ts'
import type { Desk } from './services.ts'
import { showOwn } from './transcript.ts'

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
        takePresence(cache, me.agent?.id ?? null, frame, () => refresher.want({ other: ['agents'] }))
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
