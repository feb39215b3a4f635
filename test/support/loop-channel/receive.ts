import { z } from 'zod'
import type { Cursor, InboundSink } from '../../../src/channel/contract.ts'
import { ChannelError } from '../../../src/channel/errors.ts'
import { call, type LoopApi } from './calls.ts'
import { parseUpdates } from './parse.ts'

const page = z.object({ updates: z.array(z.unknown()), next: z.int().min(0) })
const cursor = z.object({ after: z.int().min(0) }).catch({ after: 0 })

/** Asking after N acknowledges all up to N: so `after` moves only behind a resolved commit. */
export async function receiveLoop(
  api: LoopApi,
  since: Cursor | null,
  sink: InboundSink,
  signal: AbortSignal,
): Promise<void> {
  let { after } = cursor.parse(since ?? {})
  while (!signal.aborted) {
    const got = await poll(api, after, signal)
    if (got === null) return
    sink.alive()
    if (got.next === after) continue
    await sink.commit({ ...parseUpdates(got.updates), cursor: { after: got.next } })
    after = got.next
  }
}

async function poll(api: LoopApi, after: number, signal: AbortSignal) {
  const path = `/updates?after=${after}&waitMs=${api.settings.pollMs}`
  // A poll that the platform never answers is cut here; the watchdog is for what this misses.
  const patience = AbortSignal.any([signal, AbortSignal.timeout(api.settings.pollMs + 5_000)])
  try {
    const told = page.safeParse(await call(api, { method: 'GET', path, signal: patience, safe: true }))
    if (told.success) return told.data
    throw new ChannelError({ kind: 'unavailable' }, 'The loop platform sent a page that cannot be read.')
  } catch (error) {
    if (signal.aborted) return null
    throw error
  }
}
