import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { LoopFault } from './platform-faults.ts'
import { serve } from './platform-http.ts'
import {
  type HeldMessage,
  happen,
  keepFile,
  type LoopSwitches,
  newState,
  type PlatformState,
} from './platform-state.ts'
import type { LoopSettings } from './settings.ts'
import type { LoopFile, LoopHappening, LoopSend, LoopUpdate } from './wire.ts'

export interface LoopPlatform {
  readonly url: string
  readonly state: PlatformState
  /** The adapter's settings for this stand-in; `receive` and `pollMs` as asked. */
  settings(wish?: Partial<Pick<LoopSettings, 'receive' | 'pollMs'>>): LoopSettings
  happen(happening: LoopHappening, id?: string): LoopUpdate
  /** A file to name in a customer's message. */
  file(name: string, type: string, bytes: Buffer): LoopFile
  /** Puts anything at all among the updates. */
  utter(nonsense: unknown): void
  /** The next sends fail like these, one each. */
  fail(...faults: LoopFault[]): void
  failPolls(...faults: LoopFault[]): void
  /** Asked for every send that no queued fault took; replaces the former. */
  onSend(decide: (send: LoopSend) => LoopFault | undefined): void
  onAccepted(hook: (message: HeldMessage) => void | Promise<void>): void
  /** Requests that wait for an answer now. */
  openRequests(): number
  /** Nothing listens from now on: connections are refused. `resume` takes the same port again. */
  refuse(): Promise<void>
  resume(): Promise<void>
  /** Idle connections go; what is left is in use. */
  dropIdle(): void
  close(): Promise<void>
}

const usual: LoopSwitches = {
  token: 'loop-token-5f3a9c',
  webhookSecret: 'loop-secret-77d1e2',
  idempotent: false,
  confirm: false,
  echo: false,
  textMax: 400,
  limits: {},
}

export async function startLoopPlatform(switches: Partial<LoopSwitches> = {}): Promise<LoopPlatform> {
  const state = newState({ ...usual, ...switches })
  const hooks = newHooks()
  const open = new Set<unknown>()
  const server = createServer((request, response) => {
    open.add(response)
    response.once('close', () => open.delete(response))
    serve({ state, ...hooks.door }, request, response).catch(() => response.destroy())
  })
  const port = await listen(server, 0)
  return {
    ...hooks.handle,
    url: `http://127.0.0.1:${port}`,
    state,
    settings: (wish) => settingsFor(state.switches, port, wish),
    happen: (happening, id) => hooks.told(happen(state, happening, id)),
    file: (name, type, bytes) => keepFile(state, name, type, bytes),
    utter: (nonsense) => void hooks.told(state.updates.push(nonsense)),
    openRequests: () => open.size,
    refuse: () => stop(server),
    resume: async () => void (await listen(server, port)),
    dropIdle: () => server.closeIdleConnections(),
    close: () => stop(server),
  }
}

function newHooks() {
  const sends: LoopFault[] = []
  const polls: LoopFault[] = []
  const waiting = new Set<() => void>()
  let decide: (send: LoopSend) => LoopFault | undefined = () => undefined
  let accepted: (message: HeldMessage) => void | Promise<void> = () => {}
  const tell = () => {
    for (const wake of [...waiting]) wake()
  }
  return {
    told<T>(value: T): T {
      tell()
      return value
    },
    door: {
      faultOf: (send: LoopSend) => sends.shift() ?? decide(send),
      pollFault: () => polls.shift(),
      accepted: async (message: HeldMessage) => {
        tell()
        await accepted(message)
      },
      news: (ms: number) => wakeAfter(waiting, ms),
    },
    handle: {
      fail: (...faults: LoopFault[]) => void sends.push(...faults),
      failPolls: (...faults: LoopFault[]) => void polls.push(...faults),
      onSend: (next: typeof decide) => {
        decide = next
      },
      onAccepted: (next: typeof accepted) => {
        accepted = next
      },
    },
  }
}

function wakeAfter(waiting: Set<() => void>, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer)
      waiting.delete(wake)
      resolve()
    }
    const timer = setTimeout(wake, ms).unref()
    waiting.add(wake)
  })
}

function settingsFor(
  switches: LoopSwitches,
  port: number,
  wish: Partial<Pick<LoopSettings, 'receive' | 'pollMs'>> = {},
): LoopSettings {
  const { token, webhookSecret, idempotent, confirm, textMax } = switches
  const apiUrl = `http://127.0.0.1:${port}`
  return { apiUrl, token, webhookSecret, idempotent, confirm, textMax, receive: 'polling', pollMs: 20_000, ...wish }
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

async function stop(server: Server): Promise<void> {
  if (!server.listening) return
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}
