import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import type { Loose } from '../support/http-server.ts'
import { ada, grace } from '../support/stand-ins/x/state.ts'
import { type XDesk, xDesk } from '../support/x-desk.ts'

const patience = { timeout: 10_000 }
let database: TestDatabase
let desk: XDesk
beforeAll(async () => {
  database = await testDatabase()
  desk = await xDesk(database)
})
afterAll(async () => {
  await desk?.close()
  await database?.close()
})

/** The conversation whose newest words these are. */
async function seen(text: string): Promise<Loose> {
  const find = async () =>
    ((await desk.call('GET /conversations')).body.items as Loose[]).find(({ preview }) => preview.includes(text))
  await expect.poll(find, patience).toBeDefined()
  const { id } = await find()
  return (await desk.call(`GET /conversations/${id}`)).body
}
const say = (id: string, text: string) =>
  desk.call(`POST /conversations/${id}/messages`, { kind: 'reply', clientId: randomUUID(), text })
const budgets = async (): Promise<Loose[]> => (await desk.call(`GET /inboxes/${desk.inboxId}/health`)).body.budgets
const sentBy = (author: string) => desk.x.state.posts.filter((post) => post.author === author).length

test('who writes in public is asked to go on in private, and is the same person there', async () => {
  const { x } = desk
  await x.post(`@${x.state.me.username} my card number is`, { from: grace })
  const open = await seen('my card number is')
  expect(open.capabilities).toMatchObject({ privateDoor: true, text: { max: 280, unit: 'weighted' } })
  const door = await desk.call(`GET /conversations/${open.id}/private-door`)
  expect(door.body.url).toBe(`https://x.com/messages/compose?recipient_id=${x.state.me.id}`)
  expect(door.body.text).toContain(door.body.url)
  await say(open.id, door.body.text)
  await expect.poll(() => sentBy(x.state.me.id), patience).toBe(1)
  expect(x.state.posts.at(-1)?.text).toBe(door.body.text)
  await x.dm('here I am, in private', { from: grace })
  const hidden = await seen('here I am, in private')
  expect(hidden.id).not.toBe(open.id)
  expect(hidden.contact).toEqual(open.contact)
  expect(hidden.capabilities).toMatchObject({ privateDoor: false, text: { max: 10_000, unit: 'utf16' } })
  expect((await desk.call(`GET /conversations/${hidden.id}/private-door`)).status).toBe(409)
})

test('what X would not let us answer says so before anything is sent', async () => {
  const { x } = desk
  const ours = await x.postFromApp('We are open on Sunday')
  // Its writer took our name out, as X lets them.
  x.state.users.delete(x.state.me.id)
  await x.post('nobody was asked', { from: ada, replyTo: ours.id })
  const conversation = await seen('nobody was asked')
  x.state.users.set(x.state.me.id, x.state.me)
  const why = 'X lets an app answer only posts that mention or quote the account. Answer this one in X’s own app.'
  expect(conversation.capabilities.closed).toBe(why)
  const posted = x.state.requests.filter(({ path, method }) => path === '/2/tweets' && method === 'POST').length
  const refused = await say(conversation.id, 'But we answer')
  expect([refused.status, refused.body.error.message]).toEqual([422, why])
  const { body } = await desk.call(`POST /conversations/${conversation.id}/preview`, { kind: 'reply', text: 'x' })
  expect(body.problems).toMatchObject([{ what: 'message', support: 'rejected', code: 'refused', message: why }])
  expect(x.state.requests.filter(({ path, method }) => path === '/2/tweets' && method === 'POST').length).toBe(posted)
})

test('what is left to send is counted for each kind apart, and where X says no more, nothing is', async () => {
  const { x } = desk
  await x.dm('how many')
  const { id } = await seen('how many')
  const of = (all: Loose[], name: string, max: number) => all.find((one) => one.name === name && one.max === max)
  const before = await budgets()
  await say(id, 'one')
  await expect.poll(async () => of(await budgets(), 'direct messages', 15).left, patience).toBe(14)
  const after = await budgets()
  expect(of(after, 'direct messages', 1_440).left).toBe(1_439)
  expect(of(after, 'public answers', 100)).toEqual(of(before, 'public answers', 100))
  const eases = Date.parse(of(after, 'direct messages', 15).until) - Date.now()
  expect(eases).toBeGreaterThan(14 * 60_000)
  // As if other programs had used up the rest.
  x.limits(1)
  x.state.calls.set('dm_send', Array(15).fill(x.state.clock()))
  await say(id, 'two')
  await expect.poll(async () => of(await budgets(), 'direct messages', 15).left, patience).toBe(0)
  expect(of(await budgets(), 'direct messages', 1_440).left).toBe(1_439)
  // Nobody else's is tried in vain meanwhile.
  await x.dm('and me?', { from: grace })
  await say((await seen('and me?')).id, 'three')
  const posts = sentBy(x.state.me.id)
  const root = await x.post(`@${x.state.me.username} and in public`, { from: grace })
  await say((await seen('and in public')).id, 'at once, whatever became of direct messages')
  await expect.poll(() => sentBy(x.state.me.id), patience).toBe(posts + 1)
  expect(x.state.posts.at(-1)?.replyTo).toBe(root.id)
  expect(x.state.requests.filter(({ status, method }) => status === 429 && method === 'POST').length).toBe(1)
})

test('an inbox without a page about privacy says so to administrators, beside what the platform warns of', async () => {
  const health = async () => (await desk.call(`GET /inboxes/${desk.inboxId}/health`)).body
  expect(await health()).toMatchObject({ missing: ['privacyPage'] })
  const settings = { privacyUrl: 'https://northstar.example/privacy' }
  expect((await desk.call(`PATCH /inboxes/${desk.inboxId}`, { settings })).status).toBe(200)
  expect(await health()).toMatchObject({ missing: [] })
})
