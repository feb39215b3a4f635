import { createHmac, timingSafeEqual } from 'node:crypto'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import type { ChannelEnv, ChannelForm } from '../../src/channel/contract.ts'
import { type MemoryFiles, memoryFiles } from './memory-files.ts'

export interface RecordedEnv extends ChannelEnv {
  /** Every line logged through this environment, as JSON. */
  readonly lines: readonly string[]
  readonly files: MemoryFiles
}

/** What the core gives a connection, without the core: real network, real clock, logs kept for inspection. */
export function channelEnv(
  wish: Partial<Pick<ChannelEnv, 'inboxId' | 'clock' | 'fetch'>> & { forms?: readonly ChannelForm[] } = {},
): RecordedEnv {
  const inboxId = wish.inboxId ?? '1'
  const lines: string[] = []
  const memory = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString())
      done()
    },
  })
  const sign = (data: string) => createHmac('sha256', `key of inbox ${inboxId}`).update(data).digest('base64url')
  return {
    lines,
    inboxId,
    publicUrl: 'http://127.0.0.1:3000',
    sign,
    verify: (data, signature) => {
      const right = Buffer.from(sign(data))
      const claimed = Buffer.from(signature)
      return right.length === claimed.length && timingSafeEqual(right, claimed)
    },
    fetch: wish.fetch ?? globalThis.fetch,
    clock: wish.clock ?? (() => new Date()),
    log: pino({ level: 'trace' }, memory),
    rotateCredentials: async <T extends Record<string, unknown>>(next: (current: T) => Promise<T>) => next({} as T),
    importFrom: new Date(0),
    forms: async () => wish.forms ?? [],
    files: memoryFiles(),
    listen: async (_address, open) => {
      const door = await open()
      return { door, leave: () => door.close() }
    },
  }
}
