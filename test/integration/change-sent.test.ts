import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { EditRequest, InboundEvent, ReactRequest } from '../../src/channel/contract.ts'
import { ChannelError } from '../../src/channel/errors.ts'
import type { DeliveryWorker } from '../../src/delivery/worker.ts'
import { recordInbound } from '../../src/ingest/record-inbound.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { deliveriesIn, startWorker } from '../support/delivery-ground.ts'
import { eventually } from '../support/eventually.ts'
import { createConversation, createMessage, type MadeConversation } from '../support/factories.ts'
import {
  type HttpServer,
  httpServer,
  type Loose,
  type Person,
  readableInbox,
  signedIn,
} from '../support/http-server.ts'
import { type ScriptedChannel, scriptedChannel } from '../support/scripted-channel.ts'

let base: TestDatabase
let server: HttpServer
let channel: ScriptedChannel
let inboxId: string
let ann: Person
let bo: Person
let chief: Person
let conversation: MadeConversation
let worker: DeliveryWorker | undefined

beforeAll(async () => {
  base = await testDatabase()
  inboxId = await readableInbox(base.db)
})
beforeEach(async () => {
  channel = scriptedChannel()
  server = await httpServer(base.db, { connections: channel.connections as never })
  ann = await signedIn(server, { name: 'Ann', inboxes: [inboxId] })
  bo = await signedIn(server, { name: 'Bo', inboxes: [inboxId] })
  chief = await signedIn(server, { name: 'Chief', inboxes: [inboxId], role: 'supervisor' })
  conversation = await createConversation(base.db.pool, { inboxId })
})
afterEach(async () => {
  await worker?.stop()
  worker = undefined
  await server.close()
  await base.db.pool.query(`update delivery set state = 'cancelled' where state in ('pending', 'sending')`)
})
afterAll(() => base?.close())

const work = () => {
  worker = startWorker(base.db, channel, { pollMs: 50 })
}
async function say(text: string, who = ann): Promise<Loose> {
  const body = { kind: 'reply', clientId: randomUUID(), text }
  return (await who.call(`POST /conversations/${conversation.id}/messages`, body)).body.message
}
const shown = async (id: string): Promise<Loose> =>
  (await ann.call(`GET /conversations/${conversation.id}/messages`)).body.items.find((item: Loose) => item.id === id)
async function sent(text: string, who = ann): Promise<Loose> {
  const message = await say(text, who)
  if (!worker) work()
  await eventually(async () => (await shown(message.id)).deliveries.every((d: Loose) => d.state === 'sent'))
  return message
}
const calls = (kind: string) => channel.calls.filter((call) => call.kind === kind)
const done = (id: string) => eventually(async () => expect((await shown(id)).changes).toEqual([]))
const versions = async (id: string) =>
  (await ann.call(`GET /messages/${id}/versions`)).body.items.map(({ text, by }: Loose) => [text, by.name])
async function told(event: object): Promise<unknown> {
  const { rows } = await base.db.pool.query('select key, kind, audience from thread where id = $1', [
    conversation.threadId,
  ])
  const all = { eventId: randomUUID(), thread: rows[0], occurredAt: new Date(), raw: null, ...event }
  return recordInbound(base.db, { inboxId, batch: { events: [all as InboundEvent] }, now: new Date() })
}

describe('an edit of what we said', () => {
  it('shows at once, keeps what was said, and changes only the parts that differ at the platform', async () => {
    const message = await sent('one\n---\ntwo')
    const edited = await ann.call(`PATCH /messages/${message.id}`, { text: 'one\n---\nTWO' })
    expect([edited.status, edited.body.message.text]).toEqual([200, 'one\n---\nTWO'])
    expect(Date.parse(edited.body.message.editedAt)).toBeGreaterThanOrEqual(Date.parse(message.createdAt))
    await done(message.id)
    const [, second] = await deliveriesIn(base.db, conversation.id)
    expect(calls('edit').map(({ text, request }) => [text, (request as EditRequest).externalId])).toEqual([
      ['TWO', second?.external_id],
    ])
    expect(await versions(message.id)).toEqual([
      ['one\n---\ntwo', ''],
      ['one\n---\nTWO', 'Ann'],
    ])
    expect((await ann.call(`GET /conversations/${conversation.id}`)).body.preview).toBe('one TWO')
    await ann.call(`PATCH /messages/${message.id}`, { text: 'one\n---\nTWO' })
    expect(await versions(message.id)).toHaveLength(2)
  })

  it('calls back the parts it no longer needs, and is refused when it needs more', async () => {
    const message = await sent('one\n---\ntwo')
    const longer = await ann.call(`PATCH /messages/${message.id}`, { text: 'one\n---\ntwo\n---\nthree' })
    expect([longer.status, longer.body.error.code]).toEqual([422, 'unsupported'])
    expect((await ann.call(`PATCH /messages/${message.id}`, { text: 'one' })).status).toBe(200)
    await done(message.id)
    expect([calls('edit').length, calls('remove').length]).toEqual([0, 1])
    expect((await ann.call(`PATCH /messages/${message.id}`, { text: 'one\n---\ntwo' })).status).toBe(422)
  })

  it('waits until the message has arrived, whatever keeps it', async () => {
    const message = await say('not yet')
    const early = await ann.call(`PATCH /messages/${message.id}`, { text: 'x' })
    expect([early.status, early.body.error.code]).toEqual([409, 'notSent'])
    channel.script = () => {
      throw new ChannelError({ kind: 'uncertain' }, 'No answer came.')
    }
    work()
    await eventually(async () => expect((await shown(message.id)).deliveries[0].state).toBe('uncertain'))
    expect((await ann.call(`PATCH /messages/${message.id}`, { text: 'x' })).status).toBe(409)
    expect((await ann.call(`DELETE /messages/${message.id}`)).status).toBe(409)
    expect((await shown(message.id)).text).toBe('not yet')
  })

  it('that the platform refuses says so on the message until it is tried again or made anew', async () => {
    const message = await sent('one')
    const accept = channel.script
    channel.script = () => {
      throw new ChannelError({ kind: 'rejected', reason: 'windowClosed' }, 'Too old to be edited.')
    }
    await ann.call(`PATCH /messages/${message.id}`, { text: 'two' })
    await eventually(async () => expect((await shown(message.id)).changes).toMatchObject([{ state: 'failed' }]))
    const [change] = (await shown(message.id)).changes
    expect(change).toMatchObject({ operation: 'edit', reason: 'windowClosed', detail: 'Too old to be edited.' })
    channel.script = accept
    await ann.call(`POST /deliveries/${change.id}/resolve`, { as: 'resend' })
    await done(message.id)
    expect(calls('edit')).toHaveLength(2)
  })

  it('made twice at once ends as one of the two everywhere', async () => {
    const message = await sent('one')
    const both = await Promise.all(['two', 'three'].map((text) => ann.call(`PATCH /messages/${message.id}`, { text })))
    expect(both.map(({ status }) => status)).toEqual([200, 200])
    await done(message.id)
    expect(calls('edit').at(-1)?.text).toBe((await shown(message.id)).text)
    expect(await versions(message.id)).toHaveLength(3)
  })

  it('belongs to its author and to supervisors; customers’ words and unseen conversations to nobody', async () => {
    const message = await sent('one')
    const text = 'two'
    expect((await bo.call(`PATCH /messages/${message.id}`, { text })).status).toBe(403)
    expect((await bo.call(`DELETE /messages/${message.id}`)).status).toBe(403)
    expect((await chief.call(`PATCH /messages/${message.id}`, { text })).status).toBe(200)
    const theirs = await createMessage(base.db.pool, conversation, { text: 'mine' })
    expect((await ann.call(`PATCH /messages/${theirs}`, { text })).body.error.code).toBe('notOurs')
    const stranger = await signedIn(server, { inboxes: [] })
    expect((await stranger.call(`PATCH /messages/${message.id}`, { text })).status).toBe(404)
    expect((await stranger.call(`POST /messages/${message.id}/reactions`, { reactions: [] })).status).toBe(404)
  })

  it('coming back from the platform is no second edit, but one made in its own app is', async () => {
    const message = await sent('one\n---\ntwo')
    await ann.call(`PATCH /messages/${message.id}`, { text: 'ONE\n---\ntwo' })
    await done(message.id)
    const [first] = await deliveriesIn(base.db, conversation.id)
    const externalId = first?.external_id
    for (const text of ['one', ' ONE ']) await told({ kind: 'edit', externalId, text })
    expect((await shown(message.id)).text).toBe('ONE\n---\ntwo')
    await told({ kind: 'edit', externalId, text: 'uno' })
    expect((await shown(message.id)).text).toBe('uno\n\ntwo')
    expect(await versions(message.id)).toHaveLength(3)
  })
})

describe('a deletion of what we said', () => {
  it('leaves a mark in its place and calls every part back', async () => {
    await createMessage(base.db.pool, conversation, { text: 'before' })
    const message = await sent('one\n---\ntwo')
    const preview = async () => (await ann.call(`GET /conversations/${conversation.id}`)).body.preview
    const gone = await ann.call(`DELETE /messages/${message.id}`)
    expect(await preview()).toBe('before')
    expect(gone.body.message).toMatchObject({ text: '', deletedBy: 'us' })
    await done(message.id)
    expect(calls('remove').map(({ request }) => (request as EditRequest).externalId)).toEqual(
      (await deliveriesIn(base.db, conversation.id)).slice(0, 2).map((row) => row.external_id),
    )
    expect((await ann.call(`DELETE /messages/${message.id}`)).body.error.code).toBe('deleted')
    expect((await ann.call(`PATCH /messages/${message.id}`, { text: 'x' })).body.error.code).toBe('deleted')
  })

  it('before it was sent means that it is never sent, and what stood behind it goes', async () => {
    const message = await say('a mistake')
    await say('after it')
    expect((await ann.call(`DELETE /messages/${message.id}`)).status).toBe(200)
    work()
    await eventually(() => expect(channel.accepted).toEqual(['after it']))
    expect(calls('remove')).toEqual([])
  })

  it('at the same moment as an edit leaves none of the words', async () => {
    const messages = []
    for (const text of ['a', 'b', 'c', 'd', 'e', 'f']) messages.push(await sent(text))
    await Promise.all(
      messages.flatMap(({ id }) => [
        ann.call(`DELETE /messages/${id}`),
        ann.call(`PATCH /messages/${id}`, { text: 'again' }),
      ]),
    )
    const { rows } = await base.db.pool.query('select distinct text from message where conversation_id = $1', [
      conversation.id,
    ])
    expect(rows).toEqual([{ text: '' }])
  })

  it('of a note needs no platform, and is refused where the platform keeps what was sent', async () => {
    channel = scriptedChannel({ changes: 'rejected' })
    await server.close()
    server = await httpServer(base.db, { connections: channel.connections as never })
    ann = await signedIn(server, { name: 'Ann', inboxes: [inboxId] })
    const body = { kind: 'note', clientId: randomUUID(), text: 'between us' }
    const note = (await ann.call(`POST /conversations/${conversation.id}/messages`, body)).body.message
    const edited = await ann.call(`PATCH /messages/${note.id}`, { text: 'only us' })
    expect([edited.status, edited.body.message.text]).toEqual([200, 'only us'])
    expect((await ann.call(`DELETE /messages/${note.id}`)).status).toBe(200)
    const message = await sent('for ever')
    expect((await ann.call(`DELETE /messages/${message.id}`)).body.error.code).toBe('unsupported')
    expect((await ann.call(`PATCH /messages/${message.id}`, { text: 'x' })).body.error.code).toBe('unsupported')
    const wish = { reactions: ['👍'] }
    expect((await ann.call(`POST /messages/${message.id}/reactions`, wish)).body.error.code).toBe('unsupported')
  })
})

describe('a reaction of ours', () => {
  it('stands beside the customer’s, is one set for the desk, and goes when it is taken back', async () => {
    work()
    const theirs = await createMessage(base.db.pool, conversation, { text: 'thanks', externalId: 'c-1' })
    const sender = { key: 'customer', name: 'Li' }
    await told({ kind: 'reaction', sender, externalId: 'c-1', reactions: ['🎉'] })
    const react = (who: Person, reactions: string[]) => who.call(`POST /messages/${theirs}/reactions`, { reactions })
    expect((await react(ann, ['👍', '👍'])).body.message.reactions).toEqual([
      { emoji: '🎉', count: 1, ours: false },
      { emoji: '👍', count: 1, ours: true },
    ])
    await react(bo, ['👍'])
    expect((await react(bo, [])).body.message.reactions).toEqual([{ emoji: '🎉', count: 1, ours: false }])
    await done(theirs)
    expect(calls('react').map(({ request }) => request as unknown as ReactRequest)).toMatchObject([
      { externalId: 'c-1', reactions: ['👍'] },
      { externalId: 'c-1', reactions: [] },
    ])
  })

  it('does not set free what waits behind a part that failed', async () => {
    work()
    channel.script = (request) => {
      if (request.part?.text === 'two') throw new ChannelError({ kind: 'rejected', reason: 'blocked' }, 'Blocked.')
      return { externalId: `x${request.deliveryId}` }
    }
    const message = await say('one\n---\ntwo\n---\nthree')
    const states = async () => (await shown(message.id)).deliveries.map((delivery: Loose) => delivery.state)
    await eventually(async () => expect(await states()).toEqual(['sent', 'failed', 'held']))
    await ann.call(`POST /messages/${message.id}/reactions`, { reactions: ['👍'] })
    await done(message.id)
    expect(await states()).toEqual(['sent', 'failed', 'held'])
  })
})
