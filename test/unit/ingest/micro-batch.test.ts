import { describe, expect, test } from 'vitest'
import type { CommitResult, InboundBatch, InboundMessage } from '../../../src/channel/contract.ts'
import { createMicroBatcher, TooManyWaiting } from '../../../src/ingest/micro-batch.ts'

/** Commits that the test lets through one by one. */
function heldCommits() {
  const batches: InboundBatch[] = []
  const gates: { open: () => void; fail: (error: Error) => void }[] = []
  const commit = (batch: InboundBatch): Promise<CommitResult> => {
    batches.push(batch)
    return new Promise((resolve, reject) => {
      const outcomes = batch.events.map((event) => ({ kind: 'applied', messageId: event.eventId }) as const)
      gates.push({ open: () => resolve({ outcomes }), fail: reject })
    })
  }
  const idsOf = () => batches.map((batch) => batch.events.map((event) => event.eventId))
  return { commit, batches, idsOf, gate: (at: number) => gates[at]! }
}

function message(eventId: string): InboundMessage {
  return {
    kind: 'message',
    eventId,
    thread: { key: 't', kind: 'chat', audience: 'private' },
    sender: { key: 's' },
    externalId: eventId,
    text: eventId,
    occurredAt: new Date(0),
    raw: null,
  }
}
const batch = (...ids: string[]): InboundBatch => ({ events: ids.map(message) })

/** Lets what already resolved run on. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve))

describe('the micro-batcher', () => {
  test('commits a lone event at once', async () => {
    const held = heldCommits()
    const batcher = createMicroBatcher(held.commit, { maxEvents: 10 })
    const added = batcher.add(batch('a'))
    expect(held.idsOf()).toEqual([['a']])
    held.gate(0).open()
    expect(await added).toEqual({ outcomes: [{ kind: 'applied', messageId: 'a' }] })
  })

  test('puts what arrives during a commit into the next one, each caller with its own outcomes', async () => {
    const held = heldCommits()
    const batcher = createMicroBatcher(held.commit, { maxEvents: 10 })
    const first = batcher.add(batch('a'))
    const rest = [batcher.add(batch('b', 'c')), batcher.add({ events: [] }), batcher.add(batch('d'))]
    held.gate(0).open()
    await first
    await settle()
    expect(held.idsOf()).toEqual([['a'], ['b', 'c', 'd']])
    held.gate(1).open()
    const told = (await Promise.all(rest)).map(({ outcomes }) => outcomes.map((o) => 'messageId' in o && o.messageId))
    expect(told).toEqual([['b', 'c'], [], ['d']])
  })

  test('never has two commits in flight', async () => {
    const held = heldCommits()
    const batcher = createMicroBatcher(held.commit, { maxEvents: 1 })
    const all = ['a', 'b', 'c'].map((id) => batcher.add(batch(id)))
    for (let at = 0; at < 3; at++) {
      await settle()
      expect(held.batches).toHaveLength(at + 1)
      held.gate(at).open()
    }
    await Promise.all(all)
  })

  test('takes no more than its limit, but one large caller whole', async () => {
    const held = heldCommits()
    const batcher = createMicroBatcher(held.commit, { maxEvents: 2 })
    const all = [batch('a'), batch('b'), batch('c'), batch('d', 'e', 'f'), batch('g')].map(batcher.add)
    for (let at = 0; at < 4; at++) {
      await settle()
      held.gate(at).open()
    }
    await Promise.all(all)
    expect(held.idsOf()).toEqual([['a'], ['b', 'c'], ['d', 'e', 'f'], ['g']])
  })

  test('a failed commit rejects all its callers and nobody else', async () => {
    const held = heldCommits()
    const batcher = createMicroBatcher(held.commit, { maxEvents: 10 })
    const first = batcher.add(batch('a'))
    const second = [batcher.add(batch('b')), batcher.add(batch('c'))]
    held.gate(0).open()
    await first
    await settle()
    const third = batcher.add(batch('d'))
    held.gate(1).fail(new Error('no database'))
    expect(await Promise.allSettled(second)).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }])
    await settle()
    held.gate(2).open()
    expect((await third).outcomes).toHaveLength(1)
  })

  test('a repeat of a waiting event goes into a later commit, and what came after it stays behind it', async () => {
    const held = heldCommits()
    const batcher = createMicroBatcher(held.commit, { maxEvents: 10 })
    const all = [batch('a'), batch('b'), batch('b'), batch('c')].map(batcher.add)
    for (let at = 0; at < 3; at++) {
      await settle()
      held.gate(at).open()
    }
    await Promise.all(all)
    expect(held.idsOf()).toEqual([['a'], ['b'], ['b', 'c']])
  })

  test('carries on what was ignored', async () => {
    const held = heldCommits()
    const batcher = createMicroBatcher(held.commit, { maxEvents: 10 })
    const first = batcher.add(batch('a'))
    const rest = [
      batcher.add({ events: [], ignored: [{ reason: 'bot' }] }),
      batcher.add({ events: [message('b')], ignored: [{ reason: 'own', count: 3 }] }),
    ]
    held.gate(0).open()
    await first
    await settle()
    expect(held.batches[1]?.ignored).toEqual([{ reason: 'bot' }, { reason: 'own', count: 3 }])
    held.gate(1).open()
    await Promise.all(rest)
  })

  test('refuses more than may wait, and takes events again afterwards', async () => {
    const held = heldCommits()
    const batcher = createMicroBatcher(held.commit, { maxEvents: 2, maxWaiting: 3 })
    const taken = [batch('a'), batch('b', 'c'), batch('d')].map(batcher.add)
    await expect(batcher.add(batch('e'))).rejects.toBeInstanceOf(TooManyWaiting)
    for (let at = 0; at < 3; at++) {
      await settle()
      held.gate(at).open()
    }
    await Promise.all(taken)
    await batcher.drained()
    const later = batcher.add(batch('e'))
    held.gate(3).open()
    expect((await later).outcomes).toHaveLength(1)
  })

  test('refuses a cursor, which could not be merged', async () => {
    const batcher = createMicroBatcher(heldCommits().commit, { maxEvents: 2 })
    await expect(batcher.add({ events: [], cursor: 1 })).rejects.toThrow(/cursor/)
  })

  test('is drained only when the last commit has ended', async () => {
    const held = heldCommits()
    const batcher = createMicroBatcher(held.commit, { maxEvents: 1 })
    await batcher.drained()
    const all = [batcher.add(batch('a')), batcher.add(batch('b'))]
    let drained = false
    const waiting = batcher.drained().then(() => {
      drained = true
    })
    held.gate(0).open()
    await settle()
    expect(drained).toBe(false)
    held.gate(1).open()
    await waiting
    await Promise.all(all)
  })
})
