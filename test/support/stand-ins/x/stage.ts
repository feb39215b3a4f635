import { expect, onTestFinished } from 'vitest'
import type { ChannelConnection, OutboundContent, SendRequest, ThreadRef } from '../../../../src/channel/contract.ts'
import { channelEnv, type RecordedEnv } from '../../channel-env.ts'
import { type MemorySink, memorySink } from '../../memory-sink.ts'
import { xObjections } from './described.ts'
import { startXPlatform, type XPlatform } from './platform.ts'
import { ada, pair } from './state.ts'
import { quickX } from './subject.ts'

export interface XStage {
  readonly x: XPlatform
  readonly env: RecordedEnv
  readonly settings: unknown
  readonly sink: MemorySink
  readonly warnings: (string | null)[]
  readonly typing: string[]
  connect(): Promise<ChannelConnection>
  receiving(connection: ChannelConnection, since?: unknown): { readonly ended: Promise<void>; stop(): Promise<void> }
  request(content: Partial<OutboundContent>, thread: ThreadRef, part?: number): SendRequest
}

export const withAda = (x: XPlatform): ThreadRef => ({
  key: `dm:${pair(ada.id, x.state.me.id)}`,
  kind: 'dm',
  audience: 'private',
})
export const under = (post: string, person = ada.id): ThreadRef => ({
  key: `post:${post}:${person}`,
  kind: 'post',
  audience: 'public',
})

interface Wish {
  readonly auth?: 'oauth1' | 'oauth2' | 'both'
  readonly settings?: Readonly<Record<string, unknown>>
  readonly env?: Partial<RecordedEnv>
  readonly files?: Readonly<Record<string, Buffer>>
}

/** A stand-in with a connection's surroundings; everything ends with the test. */
export async function xStage({
  auth = 'oauth1',
  settings: more = {},
  env: other = {},
  files = {},
}: Wish = {}): Promise<XStage> {
  const x = await startXPlatform()
  onTestFinished(async () => {
    await x.close()
    expect(xObjections(x.state)).toEqual([])
  })
  const stored: Record<string, unknown> = { ...x.settings(auth), ...more }
  const settings = quickX.parseSettings(stored)
  const env: RecordedEnv = {
    ...channelEnv({ clock: () => new Date(x.state.clock()) }),
    // As the core does it: what was bought is kept, and read again by whoever buys next.
    rotateCredentials: async <T extends Record<string, unknown>>(next: (current: T) => Promise<T>) => {
      const changed = await next({ ...stored } as T)
      Object.assign(stored, changed)
      return changed
    },
    ...other,
  }
  const sink = memorySink()
  const warnings: (string | null)[] = []
  const typing: string[] = []
  const listening = Object.assign(Object.create(sink) as MemorySink, {
    warn: (message: string | null) => void warnings.push(message),
    ephemeral: ({ thread }: { thread: string }) => void typing.push(thread),
  })
  let deliveries = 0
  return {
    x,
    env,
    settings,
    sink: listening,
    warnings,
    typing,
    connect: () => quickX.connect(settings, env),
    receiving: (connection, since = null) => {
      const abort = new AbortController()
      const ended = connection.receive(since, listening, abort.signal)
      ended.catch(() => {})
      return {
        ended,
        stop: async () => {
          abort.abort()
          await ended.catch(() => {})
        },
      }
    },
    request: (content, thread, index = 0) => {
      const part = quickX.render({ text: '', attachments: [], ...content }, settings, thread)[index]
      if (!part) throw new Error('there is no such part')
      deliveries += 1
      const open = async (id: string) => {
        const bytes = files[id] ?? Buffer.alloc(0)
        const file = { id, name: id, type: 'image/png', size: bytes.length }
        const { Readable } = await import('node:stream')
        return { file, stream: Readable.from([bytes]) }
      }
      return {
        deliveryId: String(deliveries),
        idempotencyKey: `key-${deliveries}`,
        attempt: 1,
        thread,
        part,
        files: { open },
        known: async () => new Set(),
        ...(content.replyTo !== undefined && { replyTo: content.replyTo }),
      }
    },
  }
}
