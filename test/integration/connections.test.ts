import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createInbox, updateInbox } from '../../src/ingest/save-inbox.ts'
import { removeInbox, retryInbox } from '../../src/store/inbox.ts'
import { readHealth } from '../../src/store/inbox-health.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { unique } from '../support/factories.ts'
import { type IngestNode, ingestNode, type NodeWish } from '../support/ingest-node.ts'
import { type LoopPlatform, startLoopPlatform } from '../support/loop-channel/platform.ts'
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
  for (const node of nodes.splice(0)) await node.close()
  await platform.close()
})

async function open(probe: Probe = probedChannel(), wish: NodeWish = {}) {
  const node = await ingestNode(on.target, { channels: [probe.adapter], ...wish })
  nodes.push(node)
  const { id } = await createInbox(node, { channel: 'loop', name: 'Support', settings: { ...platform.settings() } })
  return { node, probe, id, get: () => node.connections.get(id) }
}
const stateOf = async (id: string) => (await readHealth(on.db.pool, [id])).get(id)

describe('connections', () => {
  test('are opened once, however many ask at the same time', async () => {
    const { probe, get } = await open()
    const all = await Promise.all([get(), get(), get()])
    expect(new Set(all.map((one) => one.connection)).size).toBe(1)
    expect(probe.opened).toHaveLength(1)
    expect(all[0]?.settings).toMatchObject({ token: platform.settings().token })
  })

  test('are reopened at once when another process saved new settings, and the old one closes with the process', async () => {
    const { node, probe, id, get } = await open()
    const before = await get()
    const other = await ingestNode(on.target)
    nodes.push(other)
    await updateInbox(other, id, { settings: { textMax: 77 } })
    const after = await eventually(async () => {
      const now = await get()
      return now.connection !== before.connection && now
    })
    expect(after.settings).toMatchObject({ textMax: 77 })
    expect(probe.opened[0]?.closed).toBe(false)
    await node.connections.close()
    expect(probe.open()).toBe(0)
  })

  test('stay as they are when only the name changes', async () => {
    const { node, id, get } = await open()
    const before = await get()
    await updateInbox(node, id, { name: 'Other' })
    expect((await node.connections.fresh(id)).connection).toBe(before.connection)
    expect((await get()).connection).toBe(before.connection)
  })

  test('that nobody asks for are closed, but never one that is received on', async () => {
    const limits = { idleMs: 100, graceMs: 1 }
    const { node, probe, id } = await open(probedChannel(), { limits })
    const { id: idle } = await createInbox(node, {
      channel: 'loop',
      name: 'Quiet',
      settings: { ...platform.settings() },
    })
    await on.db.pool.query(`update inbox set lease_until = now() + interval '1 minute' where id = $1`, [idle])
    node.ingest.start()
    await eventually(async () => expect((await stateOf(id))?.state).toBe('connected'))
    const [receiving] = probe.opened
    // Asked for once, after the other: when its time has come, so has the other's.
    await node.connections.get(idle)
    await eventually(() => probe.opened.filter(({ closed }) => closed).length > 0)
    expect(receiving?.closed).toBe(false)
    platform.happen({
      type: 'message',
      chat: { id: 'c1' },
      from: { id: 'p1' },
      message: unique('m'),
      text: 'Still there?',
    })
    await eventually(() => platform.state.acknowledged > 0)
    expect(probe.open()).toBe(1)
    await node.ingest.stop()
    await eventually(() => probe.open() === 0)
  })

  test('with refused credentials mark the inbox and are not tried again until a person acts', async () => {
    const { node, probe, id, get } = await open()
    platform.state.refusesCredentials = true
    await expect(get()).rejects.toMatchObject({ failure: { kind: 'auth' } })
    expect(await stateOf(id)).toMatchObject({ state: 'badCredentials', error: expect.stringContaining('401') })
    platform.state.refusesCredentials = false
    await expect(node.connections.fresh(id)).rejects.toMatchObject({ failure: { kind: 'auth' } })
    // Nor by a process that has not tried itself.
    const other = await ingestNode(on.target, { channels: [probe.adapter] })
    nodes.push(other)
    await expect(other.connections.get(id)).rejects.toMatchObject({ failure: { kind: 'auth' } })
    expect(probe.opened).toHaveLength(0)
    await retryInbox(on.db.pool, id)
    expect((await node.connections.fresh(id)).inboxId).toBe(id)
    expect(probe.opened).toHaveLength(1)
  })

  test('with refused credentials do not blame settings that were saved meanwhile', async () => {
    let saved = false
    const { node, id } = await open(
      probedChannel({
        before: async () => {
          if (saved) return
          saved = true
          await updateInbox(node, id, { settings: { token: 'a-newer-token' } })
        },
      }),
    )
    platform.state.refusesCredentials = true
    await expect(node.connections.get(id)).rejects.toMatchObject({ failure: { kind: 'auth' } })
    expect((await stateOf(id))?.state).toBe('connecting')
  })

  test('to a platform that is down fail at once for a while, then are tried again', async () => {
    let tries = 0
    const probe = probedChannel({
      before: async () => {
        tries++
      },
    })
    const { get } = await open(probe)
    await platform.refuse()
    for (let i = 0; i < 20; i++) await expect(get()).rejects.toMatchObject({ failure: { kind: 'unavailable' } })
    expect(tries).toBeLessThan(5)
    await platform.resume()
    await eventually(get)
    expect(tries).toBeLessThan(10)
  })

  test('need not exist for rendering', async () => {
    const { node, id } = await open()
    platform.state.refusesCredentials = true
    await expect(node.connections.get(id)).rejects.toThrow()
    const described = await node.connections.describe(id)
    expect(described.settings).toMatchObject({ apiUrl: platform.url })
    expect(described.adapter.id).toBe('loop')
  })

  test('of an inbox that is switched off or removed are refused with a reason', async () => {
    const { node, id, get } = await open()
    await get()
    await updateInbox(node, id, { enabled: false })
    await expect(node.connections.fresh(id)).rejects.toThrow(/switched off/)
    await updateInbox(node, id, { enabled: true })
    expect((await node.connections.fresh(id)).inboxId).toBe(id)
    await removeInbox(on.db.pool, id)
    await expect(node.connections.fresh(id)).rejects.toThrow(/no longer exists/)
  })

  test('under another secret key say what to do and blame nobody', async () => {
    const { id } = await open()
    const stranger = await ingestNode(on.target, { secretKey: 'a key that sealed nothing here' })
    nodes.push(stranger)
    await expect(stranger.connections.get(id)).rejects.toThrow(/Set SECRET_KEY/)
    expect((await stateOf(id))?.state).toBe('connecting')
  })

  test('never put a secret into the log', async () => {
    const { node, id } = await open()
    platform.state.refusesCredentials = true
    await expect(node.connections.get(id)).rejects.toThrow()
    const { token, webhookSecret } = platform.settings()
    const text = JSON.stringify(node.logged)
    expect(text).not.toContain(token)
    expect(text).not.toContain(webhookSecret)
  })
})

describe('what a connection is given', () => {
  test('signs for its own inbox only', async () => {
    const probe = probedChannel()
    const { node, get } = await open(probe)
    const second = await createInbox(node, { channel: 'loop', name: 'Two', settings: { ...platform.settings() } })
    await get()
    await node.connections.get(second.id)
    const [one, two] = probe.opened.map((opened) => opened.env)
    const signature = one?.sign('hello') ?? ''
    expect(one?.verify('hello', signature)).toBe(true)
    expect(one?.verify('hello!', signature)).toBe(false)
    expect(one?.verify('hello', '')).toBe(false)
    expect(two?.verify('hello', signature)).toBe(false)
  })

  test('reaches the private servers its own settings name, and no others', async () => {
    const { probe, get } = await open()
    await get()
    const env = probe.opened[0]?.env
    expect((await env?.fetch(`${platform.url}/me`))?.status).toBe(401)
    await expect(env?.fetch(platform.url.replace('127.0.0.1', 'localhost'))).rejects.toThrow(/not a public address/)
  })

  test('renews its credentials alone in the whole installation, each time on those in force', async () => {
    const { id, probe, get } = await open()
    await get()
    const other = await ingestNode(on.target, { channels: [probe.adapter] })
    nodes.push(other)
    await other.connections.get(id)
    const seen: string[] = []
    let inside = 0
    let most = 0
    const renew = (n: number) =>
      probe.opened[n]?.env.rotateCredentials(async (current: { token: string }) => {
        most = Math.max(most, ++inside)
        seen.push(current.token)
        await new Promise((resolve) => setImmediate(resolve))
        inside--
        return { token: `${current.token}+` }
      })
    const renewed = await Promise.all([renew(0), renew(1), renew(0), renew(1)])
    const first = platform.settings().token
    expect(seen).toEqual([first, `${first}+`, `${first}++`, `${first}+++`])
    expect(renewed.map((one) => one?.token).sort()).toEqual(seen.map((token) => `${token}+`))
    expect(most).toBe(1)
    const fresh = await ingestNode(on.target, { channels: [probe.adapter] })
    nodes.push(fresh)
    expect((await fresh.connections.describe(id)).settings).toMatchObject({ token: `${first}++++` })
    const { rows } = await on.db.pool.query('select to_jsonb(i)::text as text from inbox i where id = $1', [id])
    expect(rows[0]).not.toMatchObject({ text: expect.stringContaining(first) })
  })

  test('does not overwrite credentials that an administrator saved during a renewal', async () => {
    const { node, id, probe, get } = await open()
    await get()
    const renewal = probe.opened[0]?.env.rotateCredentials(async () => {
      await updateInbox(node, id, { settings: { token: 'the administrator’s' } })
      return { token: 'the renewed one' }
    })
    await expect(renewal).rejects.toMatchObject({ failure: { kind: 'unavailable' } })
    const described = await node.connections.fresh(id).catch(() => node.connections.describe(id))
    expect(described.settings).toMatchObject({ token: 'the administrator’s' })
  })

  test('keeps the old credentials when the renewal fails', async () => {
    const { node, id, probe, get } = await open()
    await get()
    const renewal = probe.opened[0]?.env.rotateCredentials(() => Promise.reject(new Error('the platform said no')))
    await expect(renewal).rejects.toThrow('the platform said no')
    expect((await node.connections.describe(id)).settings).toMatchObject({ token: platform.settings().token })
    await probe.opened[0]?.env.rotateCredentials(async () => ({ textMax: 90 }))
  })
})
