import { Registry } from 'prom-client'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ChannelAdapter } from '../../src/channel/contract.ts'
import { sendAlarmNotice, sendErasureNotice } from '../../src/delivery/alarm-notice.ts'
import { createInbox as addInbox } from '../../src/ingest/save-inbox.ts'
import { inboxAlarms, lookOnce } from '../../src/jobs/inbox-alarms.ts'
import type { InboxAlarm } from '../../src/store/inbox-alarm.ts'
import { readHealth } from '../../src/store/inbox-health.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { createAgent, createConversation, createInbox } from '../support/factories.ts'
import { type HttpServer, httpServer, signedIn } from '../support/http-server.ts'
import { ingestNode } from '../support/ingest-node.ts'
import { startLoopPlatform } from '../support/loop-channel/platform.ts'
import { probedChannel } from '../support/probed-channel.ts'
import { scriptedChannel, silent } from '../support/scripted-channel.ts'

let base: TestDatabase
let server: HttpServer
let notices: InboxAlarm[]
beforeAll(async () => {
  base = await testDatabase()
  server = await httpServer(base.db)
})
beforeEach(() => {
  notices = []
})
afterEach(async () => {
  await sql('update inbox set enabled = false')
  await sql('delete from inbox_alarm')
  await sql('delete from feed')
})
afterAll(async () => {
  await server?.close()
  await base?.close()
})

const sql = (text: string, values: unknown[] = []) => base.db.pool.query(text, values)
const look = () =>
  lookOnce({
    db: base.db,
    log: silent,
    registry: new Registry(),
    sendNotice: async (alarm) => void notices.push(alarm),
  })
/** As if all that has been noted of inboxes had been noted so much earlier. */
const pass = async (minutes: number) => {
  const ago = `- interval '${minutes} minutes'`
  await sql(`update inbox_alarm set since = since ${ago}, noted_at = noted_at ${ago}, opened_at = opened_at ${ago},
    ended_at = ended_at ${ago}, told_at = told_at ${ago}`)
  await sql(`update inbox set health_since = health_since ${ago}`)
}
const fall = (id: string, state = 'unavailable') =>
  sql(
    `update inbox set health = $2, health_error = 'No answer.', health_since = now(),
    lease_until = now() + interval '1 day' where id = $1`,
    [id, state],
  )
const rise = (id: string) =>
  sql(
    `update inbox set health = 'connected', health_error = null, health_since = now(),
    lease_until = now() + interval '1 day' where id = $1`,
    [id],
  )
const events = async () =>
  (await sql(`select kind from feed where kind in ('inbox.down', 'inbox.up') order by id`)).rows.map((row) => row.kind)

describe('an inbox that is down', () => {
  it('is an alarm after two minutes, whichever way it fails meanwhile, until it is connected', async () => {
    const id = await createInbox(base.db.pool, { name: 'Shop' })
    const boss = await signedIn(server, { role: 'supervisor', inboxes: [id] })
    const list = async () => (await boss.call('GET /alarms')).body.items
    await fall(id)
    await look()
    await pass(1)
    await fall(id, 'connecting')
    await look()
    expect(await list()).toEqual([])
    await pass(1.1)
    await fall(id, 'badCredentials')
    await look()
    expect(await list()).toMatchObject([
      { inboxId: id, inboxName: 'Shop', state: 'badCredentials', error: 'No answer.' },
    ])
    expect(notices.map((alarm) => alarm.inboxName)).toEqual(['Shop'])
    await look()
    expect(await events()).toEqual(['inbox.down'])
    await rise(id)
    await look()
    expect(await list()).toEqual([])
    expect(await events()).toEqual(['inbox.down', 'inbox.up'])
    expect(notices).toHaveLength(1)
  })

  it('and goes up and down is told of once in half an hour, and shown each time', async () => {
    const id = await createInbox(base.db.pool)
    const boss = await signedIn(server, { role: 'admin' })
    for (let n = 0; n < 5; n++) {
      await fall(id)
      await look()
      await pass(3)
      await look()
      expect((await boss.call('GET /alarms')).body.items).toHaveLength(1)
      await rise(id)
      await look()
    }
    expect(await events()).toEqual(['inbox.down', 'inbox.up'])
    await fall(id)
    await look()
    await pass(3)
    await look()
    expect(notices).toHaveLength(1)
    await pass(30)
    await look()
    expect(notices).toHaveLength(2)
    expect(await events()).toEqual(['inbox.down', 'inbox.up', 'inbox.down'])
  })

  it('because nobody receives for it is an alarm too, but not in the moment a server starts again', async () => {
    const id = await createInbox(base.db.pool)
    await rise(id)
    await sql(`update inbox set lease_until = now() - interval '1 hour' where id = $1`, [id])
    await look()
    await look()
    expect(notices).toEqual([])
    await pass(1)
    await look()
    expect(notices).toMatchObject([{ inboxId: id, state: 'stopped' }])
  })

  it('but was switched off or removed by a person is none', async () => {
    const off = await createInbox(base.db.pool)
    const gone = await createInbox(base.db.pool)
    for (const id of [off, gone]) await fall(id)
    await look()
    await pass(3)
    await sql('update inbox set enabled = false where id = $1', [off])
    await sql('update inbox set deleted_at = now() where id = $1', [gone])
    await look()
    expect(notices).toEqual([])
    expect((await sql('select * from inbox_alarm')).rows).toEqual([])
  })

  it('is told once, however many processes look', async () => {
    const id = await createInbox(base.db.pool)
    await fall(id)
    await look()
    await pass(3)
    await Promise.all(Array.from({ length: 6 }, look))
    await look()
    expect(notices).toHaveLength(1)
    expect(await events()).toEqual(['inbox.down'])
  })

  it('is shown to administrators and to supervisors of that inbox, and counted', async () => {
    const id = await createInbox(base.db.pool)
    await fall(id)
    await look()
    await pass(3)
    await look()
    const other = await signedIn(server, { role: 'supervisor' })
    const agent = await signedIn(server, { inboxes: [id] })
    expect((await other.call('GET /alarms')).body.items).toEqual([])
    expect((await agent.call('GET /alarms')).status).toBe(403)
    const registry = new Registry()
    inboxAlarms({ db: base.db, log: silent, registry })
    expect(await registry.metrics()).toContain('tributary_inbox_down 1')
  })
})

it('a platform that stops answering is noticed', async () => {
  const platform = await startLoopPlatform()
  const { adapter } = probedChannel()
  const node = await ingestNode(base.target, { channels: [adapter] })
  const settings = { ...platform.settings({ receive: 'polling', pollMs: 200 }) }
  const { id } = await addInbox(node, { channel: 'loop', name: 'Support', settings })
  const state = async () => (await readHealth(base.db.pool, [id])).get(id)?.state
  node.ingest.start()
  await eventually(async () => (await state()) === 'connected')
  await look()
  await platform.close()
  await eventually(async () => (await state()) === 'unavailable')
  await look()
  await pass(3)
  await look()
  expect(notices).toMatchObject([{ inboxId: id, state: 'unavailable', inboxName: 'Support' }])
  await node.close()
})

it('its administrators are told by mail through another inbox that works, once, however often it is asked', async () => {
  const { adapter: plain, connections } = scriptedChannel({ pace: 'letters' })
  const writes: ChannelAdapter = {
    ...plain,
    capabilities: (settings, thread) => ({ ...plain.capabilities(settings, thread), startThread: 'full' }),
    addressee: ({ name, address }) => ({ key: address.toLowerCase(), name }),
    newThread: (key) => ({ key, kind: 'mail', audience: 'private', place: 'mailbox' }),
  }
  const down = await createInbox(base.db.pool, { name: 'Shop' })
  const chat = await createInbox(base.db.pool)
  const mail = await createInbox(base.db.pool)
  const describe = async (inboxId: string) => ({ inboxId, adapter: inboxId === chat ? plain : writes, settings: {} })
  const ctx = {
    db: base.db,
    connections: { ...connections, describe },
    clock: () => new Date(),
    publicUrl: 'https://help.example',
  }
  const boss = `boss-${crypto.randomUUID()}@example.org`
  await createAgent(base.db.pool, { email: boss, role: 'admin' })
  await fall(down)
  await look()
  await pass(3)
  await look()
  const [alarm] = notices.filter(({ inboxId }) => inboxId === down)
  for (const id of [chat, down]) await rise(id)
  expect(await sendAlarmNotice(ctx, alarm!)).toBe(false)
  await rise(mail)
  for (let n = 0; n < 3; n++) expect(await sendAlarmNotice(ctx, alarm!)).toBe(true)
  const { rows } = await sql(
    `select m.id, d.inbox_id, d.priority, m.text, m.letter, c.status from delivery d join message m on m.id = d.message_id
      join conversation c on c.id = m.conversation_id`,
  )
  // Said and done: it is nobody's case until an administrator answers.
  expect(rows).toMatchObject([{ inbox_id: mail, priority: 2, status: 'resolved' }])
  expect(rows[0].text).toContain(`https://help.example/settings/inboxes/${down}`)
  expect(JSON.stringify(rows[0].letter.to)).toContain(boss)

  const asked = await createConversation(base.db.pool)
  for (let n = 0; n < 2; n++)
    expect(await sendErasureNotice(ctx, { conversationId: asked.id, questionId: '77' })).toBe(true)
  const told = await sql(`select text, subject from message where direction = 'out' and id > $1`, [rows[0].id])
  expect(told.rows).toMatchObject([{ text: expect.stringContaining(`https://help.example/c/${asked.id}`) }])
})
