import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { InboundChoice } from '../../src/channel/contract.ts'
import { type AutomaticDesk, automaticDesk } from '../support/automatic-desk.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { say } from '../support/delivery-ground.ts'
import { said } from '../support/events.ts'
import { unique } from '../support/factories.ts'

let ground: TestDatabase
let desk: AutomaticDesk
beforeAll(async () => {
  ground = await testDatabase()
})
afterAll(() => ground.close())
beforeEach(async () => {
  desk = await automaticDesk(ground.db)
})

const me = { key: 'the-one-who-asks' }
const other = { key: 'another-member' }
/** Asks, and answers the platform's id of our question as if it had been sent. */
async function question(): Promise<string> {
  await desk.ask(desk.command('delete', { sender: me }))
  const sent = await desk.one(
    `update delivery d set external_id = 'q' || d.id, state = 'sent' from message m where m.id = d.message_id
       and m.choices is not null and d.inbox_id = $1 and d.external_id is null returning d.external_id as id`,
    desk.inboxId,
  )
  return sent.id
}
const pressed = (of: string, choiceId: string, sender = me): InboundChoice => {
  const { eventId, externalId, thread, occurredAt, raw } = said('', { chat: desk.chat, occurredAt: desk.now() })
  return { kind: 'choice', eventId, externalId, thread, occurredAt, raw, sender, of, choiceId, label: 'A button' }
}
const marks = async () => {
  const { status, tags } = await desk.conversation()
  const activities = await desk.all(
    `select a.kind from activity a join conversation c on c.id = a.conversation_id where c.inbox_id = $1 and a.kind = 'erasureAsked'`,
    desk.inboxId,
  )
  const jobs = await desk.all(`select kind from job where kind in ('tell-erasure', 'route') order by kind`)
  return { status, tags, asked: activities.length, jobs: jobs.map(({ kind }) => kind) }
}
const nothing = { status: 'resolved', tags: [], asked: 0, jobs: [] }
const noted = { status: 'open', tags: ['erasure'], asked: 1, jobs: ['route', 'tell-erasure'] }

it('asks with two choices before anything is done', async () => {
  expect(await desk.ask(desk.command('delete', { sender: me }))).toEqual([
    'Shall we erase your messages and what we know about you here? This cannot be undone.',
  ])
  const { choices } = await desk.one(`select choices from message where choices is not null order by id desc limit 1`)
  expect(choices).toEqual([
    { id: 'erase.yes', label: 'Yes, erase my data' },
    { id: 'erase.no', label: 'No, keep it' },
  ])
  expect(await marks()).toEqual(nothing)
})

it('the confirming choice opens the case, marks it and has the administrators told, once however often it is pressed', async () => {
  const of = await question()
  expect(await desk.ask(pressed(of, 'erase.yes'))).toEqual([expect.stringMatching(/^Noted\. A person/)])
  expect(await marks()).toEqual(noted)
  expect(await desk.ask(pressed(of, 'erase.yes'))).toHaveLength(1)
  expect(await marks()).toEqual(noted)
})

it('the other choice changes nothing', async () => {
  expect(await desk.ask(pressed(await question(), 'erase.no'))).toEqual(['All right, nothing will be erased.'])
  expect(await marks()).toEqual(nothing)
})

it.each([
  ['1', noted, 'Noted.'],
  ['２', { ...nothing, status: 'open', jobs: ['route'] }, 'All right'],
] as const)('a typed %s is the same choice', async (text, expected, answer) => {
  await question()
  const [told] = await desk.ask(said(text, { chat: desk.chat, sender: me, occurredAt: desk.now() }))
  expect(told).toContain(answer)
  expect(await marks()).toMatchObject({ ...expected, jobs: expect.arrayContaining([...expected.jobs]) })
})

it('a number answers a person who spoke since, not the question', async () => {
  await question()
  const { id } = await desk.conversation()
  await say(ground.db, desk.channel, id, { text: 'One coin or two?' })
  expect(await desk.ask(said('1', { chat: desk.chat, sender: me, occurredAt: desk.now() }))).toEqual([])
  expect(await marks()).toMatchObject({ tags: [], asked: 0 })
})

it('another member of the same place who confirms it does nothing', async () => {
  const of = await question()
  expect(await desk.ask(pressed(of, 'erase.yes', other))).toEqual([])
  expect(await marks()).toEqual(nothing)
  expect(await desk.ask(said('1', { chat: desk.chat, sender: other, occurredAt: desk.now() }))).toEqual([])
  expect(await marks()).toMatchObject({ tags: [], asked: 0 })
})

it('a day later, without a question, or under another message it does nothing', async () => {
  const of = await question()
  desk.pass(24 * 3_600_000 + 1)
  expect(await desk.ask(pressed(of, 'erase.yes'))).toEqual([])
  expect(await marks()).toEqual(nothing)
  const elsewhere = unique('elsewhere')
  const thread = { key: elsewhere, kind: 'chat', audience: 'private' } as const
  expect(await desk.ask({ ...pressed('nothing', 'erase.yes'), thread })).toEqual([])
  expect(await marks()).toEqual(nothing)
})

it('in a group the question is never asked, so no choice there does anything', async () => {
  const thread = { key: 'group', kind: 'group', audience: 'shared' } as const
  expect(await desk.ask(desk.command('delete', { sender: me, thread }))).toEqual([])
  expect(await desk.ask({ ...pressed('nothing', 'erase.yes'), thread })).toEqual([])
  expect(await marks()).toEqual(nothing)
})
