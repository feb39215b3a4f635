import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { InboundSink } from '../../src/channel/contract.ts'
import { createInbox, updateInbox } from '../../src/ingest/save-inbox.ts'
import { removeInbox, retryInbox } from '../../src/store/inbox.ts'
import { readHealth } from '../../src/store/inbox-health.ts'
import { acquireLeases } from '../../src/store/inbox-lease.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { unique } from '../support/factories.ts'
import { type IngestNode, ingestNode } from '../support/ingest-node.ts'
import { type LoopPlatform, startLoopPlatform } from '../support/loop-channel/platform.ts'
import { loopFaults } from '../support/loop-channel/platform-faults.ts'
import { type Probe, probedChannel } from '../support/probed-channel.ts'

let on: TestDatabase
let platform: LoopPlatform
const nodes: IngestNode[] = []

beforeAll(async () => {
  on = await testDatabase()
})
afterAll(() => on.close())
beforeEach(async () => {
  platform = await startLoopPlatform()
})
afterEach(async () => {
  await on.db.pool.query('update inbox set enabled = false')
  for (const node of nodes.splice(0)) await node.close()
  await platform.close()
})

async function node(probe: Probe = probedChannel(), target = on.target) {
  const made = await ingestNode(target, { channels: [probe.adapter] })
  nodes.push(made)
  return made
}
const add = async (made: IngestNode, receive: 'polling' | 'webhook' = 'polling') => {
  const settings = { ...platform.settings({ receive, pollMs: 2_000 }) }
  return (await createInbox(made, { channel: 'loop', name: 'Support', settings })).id
}
const write = (text: string) =>
  platform.happen({ type: 'message', chat: { id: 'c1' }, from: { id: 'p1' }, message: unique('m'), text })
const texts = async (id: string) => {
  const { rows } = await on.db.pool.query(
    'select m.text from message m join thread t on t.id = m.thread_id where t.inbox_id = $1 order by m.seq',
    [id],
  )
  return rows.map((row: { text: string }) => row.text)
}
const health = async (id: string) => (await readHealth(on.db.pool, [id])).get(id)

describe('the supervisor', () => {
  test('receives for an inbox that was just added, in order, and acknowledges what is committed', async () => {
    const one = await node()
    one.ingest.start()
    const id = await add(one)
    for (const text of ['one', 'two', 'three']) write(text)
    await eventually(async () => expect(await texts(id)).toEqual(['one', 'two', 'three']))
    await eventually(() => platform.state.acknowledged === 3)
    await eventually(async () => {
      const now = await health(id)
      expect(now).toMatchObject({ state: 'connected', error: null, cursor: { after: 3 }, quarantined: 0 })
      expect(now?.lastEventAt).toBeInstanceOf(Date)
    })
  })

  test('of two processes lets exactly one receive for an inbox', async () => {
    const [a, b] = [probedChannel(), probedChannel()]
    const [one, two] = [await node(a), await node(b)]
    one.ingest.start()
    two.ingest.start()
    const id = await add(one)
    write('hello')
    await eventually(async () => expect(await texts(id)).toEqual(['hello']))
    expect(a.opened.length + b.opened.length).toBe(1)
    await one.ingest.stop()
    await eventually(() => a.opened.length + b.opened.length >= 1)
    write('again')
    await eventually(async () => expect(await texts(id)).toEqual(['hello', 'again']))
  })

  test('takes over within ten seconds from a process that died, where that one had committed', async () => {
    const one = await node()
    const id = await add(one)
    // A process that died holds its lease and says no more.
    await acquireLeases(on.db.pool, { node: 'dead', channels: ['loop'], limit: 10 })
    await on.db.pool.query(`update inbox set cursor = '{"after": 1}' where id = $1`, [id])
    write('stored by the dead one')
    write('not yet')
    const started = performance.now()
    one.ingest.start()
    await eventually(async () => expect(await texts(id)).toEqual(['not yet']), { timeoutMs: 12_000 })
    expect(performance.now() - started).toBeLessThan(10_000)
    expect(performance.now() - started).toBeGreaterThan(3_000)
  })

  test('takes over many inboxes in a few looks', async () => {
    const probe = probedChannel()
    const one = await node(probe)
    await Promise.all(Array.from({ length: 45 }, () => add(one, 'webhook')))
    one.ingest.start()
    await eventually(() => probe.opened.length === 45, { timeoutMs: 10_000 })
  })

  test('shows what a channel warns of until it is mended or the settings change', async () => {
    const probe = probedChannel({
      wrap: (connection, nth) => ({
        receive: (since, sink, signal) => {
          if (nth === 1) sink.warn('Two hours could not be caught up.')
          return connection.receive(since, sink, signal)
        },
      }),
    })
    const one = await node(probe)
    one.ingest.start()
    const id = await add(one)
    await eventually(async () => expect((await health(id))?.warning).toBe('Two hours could not be caught up.'))
    expect((await health(id))?.state).toBe('connected')
    await updateInbox(one, id, { settings: { textMax: 88 } })
    await eventually(async () => expect((await health(id))?.warning).toBeNull())
  })

  test('starts again after a failure, with a pause, and tells the truth meanwhile', async () => {
    const one = await node()
    one.ingest.start()
    const id = await add(one)
    await eventually(async () => expect((await health(id))?.state).toBe('connected'))
    await platform.refuse()
    await eventually(async () =>
      expect(await health(id)).toMatchObject({
        state: 'unavailable',
        error: expect.stringContaining('did not answer'),
      }),
    )
    await platform.resume()
    write('after the outage')
    await eventually(async () => expect(await texts(id)).toEqual(['after the outage']))
    await eventually(async () => expect(await health(id)).toMatchObject({ state: 'connected', error: null }))
  })

  test('stops at refused credentials until a person acts', async () => {
    const one = await node()
    one.ingest.start()
    const id = await add(one)
    await eventually(async () => expect((await health(id))?.state).toBe('connected'))
    platform.state.refusesCredentials = true
    write('wakes the poll')
    await eventually(async () => expect((await health(id))?.state).toBe('badCredentials'), { timeoutMs: 8_000 })
    await eventually(() => platform.openRequests() === 0)
    platform.state.refusesCredentials = false
    await eventually(async () => {
      const { rows } = await on.db.pool.query('select lease_owner from inbox where id = $1', [id])
      expect(rows).toEqual([{ lease_owner: null }])
    })
    expect((await health(id))?.state).toBe('badCredentials')
    await retryInbox(on.db.pool, id)
    await eventually(async () => expect((await health(id))?.state).toBe('connected'))
  })

  test('goes on with new settings as soon as they are saved', async () => {
    const probe = probedChannel()
    const one = await node(probe)
    one.ingest.start()
    const id = await add(one)
    await eventually(async () => expect((await health(id))?.state).toBe('connected'))
    const saved = performance.now()
    await updateInbox(one, id, { settings: { pollMs: 1_999 } })
    await eventually(() => probe.opened.at(-1)?.settings.pollMs === 1_999)
    expect(performance.now() - saved).toBeLessThan(1_900)
    await eventually(async () => expect((await health(id))?.state).toBe('connected'))
  })

  test('ends the loop of an inbox that is switched off or removed', async () => {
    const one = await node()
    one.ingest.start()
    for (const end of [
      (id: string) => updateInbox(one, id, { enabled: false }),
      (id: string) => removeInbox(on.db.pool, id),
    ]) {
      const id = await add(one)
      await eventually(() => platform.openRequests() === 1)
      await end(id)
      await eventually(() => platform.openRequests() === 0)
    }
  })

  test('rebuilds a connection that shows no sign of life', async () => {
    const mute = (_since: unknown, _sink: InboundSink, signal: AbortSignal) =>
      new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
    const probe = probedChannel({ silenceMs: 150, wrap: (_, nth) => (nth === 1 ? { receive: mute } : {}) })
    const one = await node(probe)
    const id = await add(one)
    await updateInbox(one, id, { settings: { pollMs: 20 } })
    write('behind the silence')
    one.ingest.start()
    await eventually(async () => expect(await texts(id)).toEqual(['behind the silence']))
    expect(probe.opened[0]?.closed).toBe(true)
    expect(probe.opened.length).toBeGreaterThan(1)
  })

  test('keeps calm about a webhook inbox once it has caught up', async () => {
    const probe = probedChannel()
    const one = await node(probe)
    one.ingest.start()
    const id = await add(one, 'webhook')
    await eventually(async () => expect((await health(id))?.state).toBe('connected'))
    await one.ingest.stop()
    const restarts = (await one.registry.getSingleMetric('tributary_receiver_restarts_total')?.get())?.values ?? []
    expect(restarts).toEqual([])
    expect(probe.opened).toHaveLength(1)
  })

  test('survives a channel that breaks the agreement', async () => {
    const broken = probedChannel({
      wrap: (connection, nth) => ({
        receive: async (since, sink, signal) => {
          if (nth === 1) throw new TypeError('cannot read properties of undefined, secret-in-message')
          await connection.receive(since, sink, signal)
        },
      }),
    })
    const one = await node(broken)
    one.ingest.start()
    const id = await add(one)
    await eventually(async () =>
      expect(await health(id)).toMatchObject({ state: 'unavailable', error: expect.not.stringContaining('secret') }),
    )
    await updateInbox(one, id, { settings: { textMax: 99 } })
    write('after the bug')
    await eventually(async () => expect(await texts(id)).toEqual(['after the bug']))
  })

  test('waits as long as a platform that limits us says', async () => {
    const one = await node()
    platform.failPolls(loopFaults.rateLimitedHeader)
    one.ingest.start()
    const started = performance.now()
    const id = await add(one)
    write('later')
    await eventually(async () => expect(await texts(id)).toEqual(['later']))
    expect(performance.now() - started).toBeGreaterThan(990)
  })

  test('stops within two seconds and leaves the inbox to others at once', async () => {
    const probe = probedChannel()
    const one = await node(probe)
    one.ingest.start()
    const id = await add(one)
    await eventually(() => platform.openRequests() === 1)
    const started = performance.now()
    await one.ingest.stop()
    expect(performance.now() - started).toBeLessThan(2_000)
    await eventually(() => platform.openRequests() === 0)
    const free = await acquireLeases(on.db.pool, { node: 'next', channels: ['loop'], limit: 10 })
    expect(free.map((lease) => lease.inboxId)).toEqual([id])
  })
})

test('an inbox that no process cares for any more is not shown as connected', async () => {
  const one = await node()
  one.ingest.start()
  const id = await add(one)
  await eventually(async () => expect((await health(id))?.state).toBe('connected'))
  await one.ingest.stop()
  expect((await health(id))?.state).toBe('connected')
  await on.db.pool.query(`update inbox set lease_until = now() - interval '10 s' where id = $1`, [id])
  expect(await health(id)).toMatchObject({ state: 'stopped', error: expect.stringContaining('No running server') })
})
