import { Registry } from 'prom-client'
import { describe, expect, test } from 'vitest'
import type { CommitResult } from '../../../src/channel/contract.ts'
import { createIngestMetrics } from '../../../src/ingest/ingest-metrics.ts'
import { createLeasedSink, type RecordInbound } from '../../../src/ingest/sink.ts'

/** Commits that the test lets through one by one. */
function heldSink() {
  const calls: Parameters<RecordInbound>[0][] = []
  const gates: { open: () => void; fail: (error: Error) => void }[] = []
  const record: RecordInbound = (input) => {
    calls.push(input)
    return new Promise<CommitResult>((resolve, reject) => {
      gates.push({ open: () => resolve({ outcomes: [] }), fail: reject })
    })
  }
  const told: string[] = []
  const sink = createLeasedSink(
    {
      record,
      metrics: createIngestMetrics(new Registry()),
      stored: () => {},
      ephemeral: (inboxId, event) => told.push(`typing ${inboxId} ${event.thread}`),
    },
    { inboxId: '7', epoch: '3' },
    {
      alive: () => told.push('alive'),
      warn: (message) => told.push(`warn ${message}`),
      broken: (error) => told.push(`broken ${(error as Error).message}`),
    },
  )
  return { sink, calls, told, gate: (at: number) => gates[at]! }
}
const settle = () => new Promise<void>((resolve) => setImmediate(resolve))
const at = (cursor: number) => ({ events: [], cursor })

describe('the sink of a receive loop', () => {
  test('commits under its lease, one batch after the other, however the channel hurries', async () => {
    const { sink, calls, gate } = heldSink()
    const both = [sink.commit(at(1)), sink.commit(at(2))]
    await settle()
    expect(calls).toEqual([{ inboxId: '7', epoch: '3', batch: at(1) }])
    gate(0).open()
    await both[0]
    await settle()
    expect(calls.map((call) => call.batch.cursor)).toEqual([1, 2])
    gate(1).open()
    await Promise.all(both)
  })

  test('after a refused batch takes no other, not even one that already waits', async () => {
    const { sink, calls, told, gate } = heldSink()
    const results = Promise.allSettled([sink.commit(at(1)), sink.commit(at(2))])
    await settle()
    gate(0).fail(new Error('no database'))
    expect((await results).map((result) => result.status)).toEqual(['rejected', 'rejected'])
    await expect(sink.commit(at(3))).rejects.toThrow(/earlier batch/)
    expect(calls).toHaveLength(1)
    expect(told).toEqual(['broken no database'])
  })

  test('once closed stores nothing and says nothing more', async () => {
    const { sink, calls, told } = heldSink()
    sink.alive()
    sink.warn('a gap')
    sink.ephemeral({ thread: 't', typing: true })
    sink.close()
    sink.alive()
    sink.warn('late')
    sink.ephemeral({ thread: 't', typing: false })
    await expect(sink.commit(at(1))).rejects.toThrow(/has ended/)
    expect(calls).toEqual([])
    expect(told).toEqual(['alive', 'warn a gap', 'typing 7 t'])
  })
})
