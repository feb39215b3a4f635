import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { reply } from '../../src/delivery/reply.ts'
import { type AutomaticDesk, automaticDesk } from '../support/automatic-desk.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { said } from '../support/events.ts'
import { unique } from '../support/factories.ts'

let ground: TestDatabase
let desk: AutomaticDesk
const db = () => ground.db
const page = 'https://northstar.example/privacy'

beforeAll(async () => {
  ground = await testDatabase()
})
afterAll(() => ground.close())
beforeEach(async () => {
  desk = await automaticDesk(db())
})

const group = { key: 'group-1', kind: 'group', audience: 'shared' } as const

describe('a command', () => {
  it('greets, says where somebody came from, and is nobody’s work', async () => {
    const [greeting] = await desk.ask(desk.command('start', { argument: 'autumn-sale' }))
    expect(greeting).toMatch(/^Hello! Write your question here/)
    const { id, ...row } = await desk.conversation()
    expect(row).toMatchObject({ status: 'resolved', last_incoming_seq: '0', waiting_since: null })
    expect(await desk.all('select kind, data from activity where conversation_id = $1', id)).toEqual([
      { kind: 'cameFrom', data: { link: 'autumn-sale' } },
    ])
    expect(await desk.one(`select count(*)::int as n from job where kind = 'route'`)).toEqual({ n: 0 })
    expect(await desk.one('select priority from delivery where conversation_id = $1', id)).toEqual({ priority: 2 })
  })

  it('is followed by the question in the same conversation, even in the same batch', async () => {
    await desk.ask(desk.command('start'), said('Where is my deposit?', { chat: desk.chat, occurredAt: desk.now() }))
    expect(await desk.all('select status, message_count from conversation where inbox_id = $1', desk.inboxId)).toEqual([
      { status: 'open', message_count: '3' },
    ])
    expect(await desk.one(`select count(*)::int as n from job where kind = 'route'`)).toEqual({ n: 1 })
  })

  it.each([
    ['zh-hans', '您好！'],
    ['ja', 'こんにちは'],
    ['ko', '안녕하세요'],
    ['ru', 'Здравствуйте'],
    ['pt-br', 'Hello'],
  ])('is answered in the language of the person: %s', async (language, words) => {
    const [greeting] = await desk.ask(desk.command('start', { sender: { key: unique('p'), language } }))
    expect(greeting).toContain(words)
  })

  it('lists what can be asked', async () => {
    const [help] = await desk.ask(desk.command('help'))
    for (const name of ['help', 'status', 'human', 'privacy', 'delete']) expect(help).toContain(`/${name} – `)
  })

  it('leaves a case as it is, and asks a person only where it asks for people', async () => {
    await desk.receive(said('hello', { chat: desk.chat }))
    await db().pool.query(`update conversation set status = 'waiting', routed_at = now() where inbox_id = $1`, [
      desk.inboxId,
    ])
    await desk.ask(desk.command('status'), desk.command('help'), desk.command('privacy'), desk.command('delete'))
    expect(await desk.conversation()).toMatchObject({ status: 'waiting', last_incoming_seq: '1' })
    await db().pool.query(`update conversation set status = 'resolved', holder = 'bot', resolved_at = now()`)
    await db().pool.query('delete from job')
    const told = await desk.ask(desk.command('human'))
    const { number, ...conversation } = await desk.conversation()
    expect(conversation).toMatchObject({ status: 'open', holder: 'queue' })
    expect(told).toEqual([`A person from our team will answer you here.\n\nYour request has the number #${number}.`])
    expect(await desk.one(`select count(*)::int as n from job where kind = 'route'`)).toEqual({ n: 1 })
  })

  it('tells the number and state of the asker’s own open cases, and nobody else’s', async () => {
    const me = { key: unique('me') }
    const place = (key: string) => ({ key, kind: 'chat', audience: 'private' as const })
    await desk.receive(said('mine', { thread: place('a'), sender: me }), said('other', { thread: place('b') }))
    await desk.receive(
      said('waits', { thread: place('c'), sender: me }),
      said('over', { thread: place('d'), sender: me }),
    )
    await desk.receive(said('among others', { thread: group, sender: me }))
    const numbers = (
      await desk.all('select number from conversation where inbox_id = $1 order by id', desk.inboxId)
    ).map((c) => c.number)
    await db().pool.query(`update conversation set status = 'waiting' where number = $1`, [numbers[2]])
    await db().pool.query(`update conversation set status = 'resolved' where number = $1`, [numbers[3]])
    const [told] = await desk.ask(desk.command('status', { thread: place('a'), sender: me }))
    expect(told).toBe(
      `Your open requests:\n\n- #${numbers[0]}: waiting for our answer\n- #${numbers[2]}: answered, we wait for you`,
    )
    expect(await desk.ask(desk.command('status', { thread: place('e'), sender: { key: unique('new') } }))).toEqual([
      'Nothing open at the moment. Write here whenever you need us.',
    ])
  })

  it('is not answered in a group, but for the page about data; a public place stays silent', async () => {
    await db().pool.query('update inbox set privacy_url = $2 where id = $1', [desk.inboxId, page])
    const names = ['start', 'help', 'status', 'human', 'delete', 'privacy'] as const
    for (const name of names) {
      expect(await desk.ask(desk.command(name, { thread: { ...group, key: 'street', audience: 'public' } }))).toEqual(
        [],
      )
      const told = await desk.ask(desk.command(name, { thread: group }))
      expect(told).toEqual(name === 'privacy' ? [`How we handle your data: ${page}`] : [])
    }
    expect(
      await desk.one(
        'select count(*)::int as n from delivery where inbox_id = $1 and reply_to is not null',
        desk.inboxId,
      ),
    ).toEqual({ n: 1 })
  })

  it('that is old, a program’s or history is not answered', async () => {
    const old = new Date(desk.now().getTime() - 16 * 60_000)
    expect(await desk.ask(desk.command('help', { occurredAt: old }))).toEqual([])
    expect(await desk.ask(desk.command('help', { automatic: true }))).toEqual([])
    await db().pool.query(`update inbox set live_since = now() + interval '1 hour' where id = $1`, [desk.inboxId])
    expect(await desk.ask(desk.command('start'))).toEqual([])
    await db().pool.query('delete from automatic_answer')
  })
})

describe('the page about data', () => {
  it('is named with the first automatic message, once', async () => {
    await db().pool.query('update inbox set privacy_url = $2 where id = $1', [desk.inboxId, page])
    const told = await desk.ask(desk.command('start'), desk.command('help'), desk.command('privacy'))
    expect(told.map((text) => text.includes(page))).toEqual([true, false, true])
    expect(told[0]).toMatch(/^Hello!.*\n\nHow we handle your data: https:/s)
  })
  it('that does not exist: a person is to be asked', async () => {
    expect(await desk.ask(desk.command('privacy'))).toEqual([
      'To learn how we handle your data, ask here: a person from our team will answer.',
    ])
  })
})

describe('a word to stop', () => {
  const me = { key: 'me-stopping', language: 'ru' }
  const word = (text: string, wish: Parameters<typeof said>[1] = {}) =>
    said(text, { chat: desk.chat, sender: me, occurredAt: desk.now(), ...wish })

  it('ends automatic messages for that person until they start again, and is confirmed once', async () => {
    expect(await desk.ask(word('Стоп!'))).toEqual([
      expect.stringContaining('Автоматических сообщений от нас больше не будет'),
    ])
    expect(
      await desk.ask(word('stop'), desk.command('help', { sender: me }), desk.command('status', { sender: me })),
    ).toEqual([])
    const elsewhere = { key: unique('x'), kind: 'chat', audience: 'private' } as const
    expect(await desk.ask(desk.command('help', { sender: me, thread: elsewhere }))).toEqual([])
    expect(await desk.ask(desk.command('privacy', { sender: me }))).toHaveLength(1)
    expect(await desk.ask(desk.command('help', { sender: { key: unique('you') } }))).toHaveLength(1)
    await desk.ask(word('старт'))
    expect(await desk.ask(desk.command('help', { sender: me }))).toHaveLength(1)
    expect(await desk.ask(word('отписаться'))).toHaveLength(1)
    expect(await desk.ask(desk.command('start', { sender: me }))).toHaveLength(1)
    expect(await desk.ask(desk.command('help', { sender: me }))).toHaveLength(1)
  })

  it('counts from the commit on, before anything is answered', async () => {
    await desk.receive(desk.command('help', { sender: me }), word('stop'))
    await desk.work()
    expect(await desk.answers()).toEqual([expect.stringContaining('больше не будет')])
  })

  it('reopens nothing, and is a person’s business in a case that goes on', async () => {
    await desk.ask(word('stop', { sender: { key: unique('s') } }))
    expect(await desk.conversation()).toMatchObject({ status: 'resolved' })
    await desk.receive(said('But my money?', { chat: desk.chat }), said('stop', { chat: desk.chat }))
    expect(await desk.conversation()).toMatchObject({ status: 'open', last_incoming_seq: '4' })
  })

  it('is a word like any other among several people and in letters', async () => {
    const calm = { key: unique('calm') }
    const letter = {
      from: { name: '', address: 'a@b.c' },
      to: [],
      cc: [],
      bcc: [],
      others: [],
      references: [],
      subjectKey: '',
    }
    expect(
      await desk.ask(word('stop', { sender: calm, thread: group }), word('stop', { sender: calm, letter })),
    ).toEqual([])
    expect(
      await desk.one(
        `select count(*)::int as n from identity where automation_stopped_at is not null and key = $1`,
        calm.key,
      ),
    ).toEqual({ n: 0 })
  })
})

it('what answers a message goes to the place where it was asked, whatever was said elsewhere since', async () => {
  await desk.receive(desk.command('help'))
  const { id } = await desk.conversation()
  const elsewhere = unique('elsewhere')
  await desk.receive(said('and here', { chat: elsewhere }))
  // As joining two conversations leaves them.
  await desk.all(
    `update message set conversation_id = $1, seq = 99 where thread_id = (select id from thread where key = $2)`,
    id,
    elsewhere,
  )
  await desk.work()
  const sent = await desk.all(
    `select t.key from delivery d join thread t on t.id = d.thread_id where d.conversation_id = $1`,
    id,
  )
  expect(sent).toEqual([{ key: desk.chat }])
})

it('a bot and the system together answer one message once', async () => {
  await desk.receive(desk.command('help'))
  const { id } = await desk.conversation()
  const { id: messageId } = await desk.one('select id from message where conversation_id = $1', id)
  const answer = (type: 'bot' | 'system') =>
    reply(desk.context, {
      conversationId: id,
      author: { type, priority: 'notice' },
      kind: 'reply',
      text: type,
      attachmentFileIds: [],
      clientId: 'any',
      answers: { messageId, kind: 'help' },
    })
  const ends = await Promise.allSettled([answer('bot'), answer('system'), answer('bot'), answer('system')])
  expect(ends.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0)
  expect(ends.flatMap((end) => (end.status === 'rejected' ? end.reason.why : []))).toContain('answered')
  expect(
    await desk.one(`select count(*)::int as n from message where conversation_id = $1 and direction = 'out'`, id),
  ).toEqual({ n: 1 })
})
