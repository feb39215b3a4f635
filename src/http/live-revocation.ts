import type { FastifyRequest } from 'fastify'
import { principalKey } from '../domain/principal.ts'
import { type Asking, authenticate } from './authenticate.ts'
import type { HttpDeps } from './deps.ts'
import type { LiveSocket } from './live-socket.ts'

/** Even if nobody announced a change: sessions also end by themselves. */
const RECHECK_MS = 60_000
const RETRY_MS = 500

export function credentialsOf(request: FastifyRequest): Asking {
  const { authorization } = request.headers
  return { headers: authorization === undefined ? {} : { authorization }, cookies: request.cookies }
}

export interface Authorization {
  watch(live: LiveSocket, credentials: Asking): void
  close(): void
}

/** Looks every open socket's credentials up again when something about them changed, and closes it when they are worth nothing. */
export function keepAuthorized(deps: HttpDeps, sockets: ReadonlySet<LiveSocket>): Authorization {
  const known = new WeakMap<LiveSocket, Asking>()
  const pending = new Map<LiveSocket, NodeJS.Timeout>()
  const recheck = async (live: LiveSocket): Promise<void> => {
    const credentials = known.get(live)
    if (credentials === undefined || !sockets.has(live)) return
    try {
      const principal = await authenticate(deps, credentials)
      if (principal === null || !principal.scopes.includes('read')) live.outlet.end('signedOut')
      else live.principal = principal
    } catch {
      schedule(live, RETRY_MS)
    }
  }
  const schedule = (live: LiveSocket, afterMs: number) => {
    clearTimeout(pending.get(live))
    const timer = setTimeout(() => {
      pending.delete(live)
      void recheck(live)
    }, afterMs)
    timer.unref()
    pending.set(live, timer)
  }
  const unsubscribe = deps.hub.subscribe({
    sees: () => false,
    onRows: () => {},
    onSession(whom) {
      for (const live of sockets) {
        // All at once after a lost connection: spread, or they would queue up in front of everybody's requests.
        if (whom === '*') schedule(live, Math.random() * RETRY_MS)
        else if (isAbout(live, whom)) schedule(live, 0)
      }
    },
  })
  const sweep = setInterval(() => {
    for (const live of sockets) if (!pending.has(live)) schedule(live, Math.random() * RECHECK_MS)
  }, RECHECK_MS)
  sweep.unref()
  return {
    watch: (live, credentials) => {
      known.set(live, credentials)
      // A revocation that came between the look-up of this request and now was not heard.
      schedule(live, 0)
    },
    close() {
      unsubscribe()
      clearInterval(sweep)
      for (const timer of pending.values()) clearTimeout(timer)
    },
  }
}

function isAbout({ principal }: LiveSocket, whom: string): boolean {
  return whom === principalKey(principal) || (principal.agentId !== null && whom === `agent:${principal.agentId}`)
}
