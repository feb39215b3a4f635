import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createInbox } from '../../src/ingest/save-inbox.ts'
import { readHealth } from '../../src/store/inbox-health.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { unique } from '../support/factories.ts'
import { type IngestNode, ingestNode, type NodeWish } from '../support/ingest-node.ts'
import { type LoopPlatform, startLoopPlatform } from '../support/loop-channel/platform.ts'
import { pausableDatabase } from '../support/pausable-database.ts'
import { probedChannel } from '../support/probed-channel.ts'

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

async function node(target = on.target, wish: NodeWish = {}) {
  const made = await ingestNode(target, wish)
  nodes.push(made)
  return made
}
const add = async (made: IngestNode) => {
  const settings = { ...platform.settings({ pollMs: 200 }) }
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
const holder = async (id: string) => {
  const { rows } = await on.db.pool.query(
    'select lease_owner as owner, lease_epoch as epoch from inbox where id = $1',
    [id],
  )
  return rows[0] as { owner: string | null; epoch: string }
}
const health = async (id: string) => (await readHealth(on.db.pool, [id])).get(id)

describe('two processes, one of them frozen past its lease', () => {
  test('the other takes over within ten seconds, and what the frozen one does afterwards changes nothing', async () => {
    const way = await pausableDatabase(on.target)
    const zombie = await node(way.target)
    const id = await add(zombie)
    zombie.ingest.start()
    write('before')
    await eventually(async () => expect(await texts(id)).toEqual(['before']))
    const first = await holder(id)

    way.freeze()
    const frozenAt = performance.now()
    // The zombie fetches it and has sent its commit when the other one comes.
    write('during')
    const heir = await node()
    heir.ingest.start()
    await eventually(async () => expect(await texts(id)).toEqual(['before', 'during']), { timeoutMs: 12_000 })
    expect(performance.now() - frozenAt).toBeLessThan(10_000)
    const second = await holder(id)
    expect(BigInt(second.epoch)).toBeGreaterThan(BigInt(first.epoch))

    way.thaw()
    write('after')
    await eventually(async () => expect(await texts(id)).toEqual(['before', 'during', 'after']))
    // It has woken up and looked around: its lease is gone, and it did not take it back.
    await eventually(async () => {
      const lost = await zombie.registry.getSingleMetric('tributary_receiver_leases_lost_total')?.get()
      expect(lost?.values[0]?.value).toBe(1)
    })
    expect(await holder(id)).toEqual(second)
    expect((await health(id))?.state).toBe('connected')
    await zombie.close()
    nodes.splice(nodes.indexOf(zombie), 1)
    await way.close()
  }, 40_000)
})

describe('a database that is away', () => {
  test('ends nothing for good: receiving goes on from the committed cursor, once and in order', async () => {
    const way = await pausableDatabase(on.target)
    const one = await node(way.target)
    const id = await add(one)
    one.ingest.start()
    write('one')
    await eventually(async () => expect(await texts(id)).toEqual(['one']))
    await eventually(() => platform.state.acknowledged === 1)
    way.cut()
    for (const text of ['two', 'three']) write(text)
    await eventually(() => one.logged.some((line) => JSON.stringify(line).includes('receive failed')))
    expect(platform.state.acknowledged).toBe(1)
    way.restore()
    await eventually(async () => expect(await texts(id)).toEqual(['one', 'two', 'three']), { timeoutMs: 15_000 })
    await eventually(async () => expect(await health(id)).toMatchObject({ state: 'connected', error: null }), {
      timeoutMs: 10_000,
    })
    await one.close()
    nodes.splice(nodes.indexOf(one), 1)
    await way.close()
  }, 40_000)

  test('is no failure of the platform: time after time receiving goes on soon after it is back, long before a platform would be asked again', async () => {
    const way = await pausableDatabase(on.target)
    // Whatever counted as the platform's failure would be waited for half a minute.
    const one = await node(way.target, { backOff: { firstMs: 30_000, longestMs: 60_000 } })
    const id = await add(one)
    one.ingest.start()
    write('0')
    await eventually(async () => expect(await texts(id)).toEqual(['0']))
    for (let time = 1; time <= 3; time += 1) {
      const failures = one.logged.filter(({ msg }) => msg === 'receive failed').length
      way.cut()
      write(String(time))
      await eventually(() => one.logged.filter(({ msg }) => msg === 'receive failed').length > failures)
      way.restore()
      const back = performance.now()
      await eventually(async () => expect(await texts(id)).toHaveLength(time + 1), { timeoutMs: 10_000 })
      expect(performance.now() - back).toBeLessThan(8_000)
    }
    expect(await texts(id)).toEqual(['0', '1', '2', '3'])
    await one.close()
    nodes.splice(nodes.indexOf(one), 1)
    await way.close()
  }, 40_000)
})

describe('a channel that breaks the agreement', () => {
  test('by going on after a refused commit stores nothing beyond it', async () => {
    const later: PromiseSettledResult<unknown>[] = []
    const careless = probedChannel({
      wrap: (connection, nth) => ({
        receive: async (since, sink, signal) => {
          if (nth > 1 || later.length > 0) return connection.receive(since, sink, signal)
          const event = { ...page('lost?'), occurredAt: new Date() }
          // One that cannot be stored: a transient refusal of the database.
          await on.db.pool.query('alter table inbound_event rename to inbound_event_away')
          const broken = sink.commit({ events: [event], cursor: { after: 5 } }).catch(() => 'refused')
          await broken
          await on.db.pool.query('alter table inbound_event_away rename to inbound_event')
          later.push(...(await Promise.allSettled([sink.commit({ events: [], cursor: { after: 6 } })])))
        },
      }),
    })
    const one = await ingestNode(on.target, { channels: [careless.adapter] })
    nodes.push(one)
    const id = await add(one)
    write('first')
    one.ingest.start()
    await eventually(() => later.length === 1)
    expect(later[0]?.status).toBe('rejected')
    await eventually(async () => expect(await texts(id)).toEqual(['first']))
  })

  test('by not ending when it is told to is left behind within two seconds', async () => {
    const stubborn = probedChannel({ wrap: () => ({ receive: () => new Promise<void>(() => {}) }) })
    const one = await ingestNode(on.target, { channels: [stubborn.adapter] })
    nodes.push(one)
    const id = await add(one)
    one.ingest.start()
    await eventually(async () => expect((await health(id))?.state).toBe('connected'))
    const started = performance.now()
    await one.ingest.stop()
    expect(performance.now() - started).toBeLessThan(2_500)
    await eventually(() => stubborn.open() === 0)
    await eventually(async () => expect((await holder(id)).owner).toBeNull())
  })
})

function page(text: string) {
  const id = unique('e')
  return {
    kind: 'message' as const,
    eventId: id,
    externalId: id,
    thread: { key: 'c1', kind: 'chat', audience: 'private' as const },
    sender: { key: 'p1' },
    text,
    raw: null,
  }
}
