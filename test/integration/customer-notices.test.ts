import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { followUp } from '../../src/routing/follow-up.ts'
import { noteChanges, tellDueNotices } from '../../src/routing/notices.ts'
import { openDatabase } from '../../src/store/database.ts'
import { stampFeed } from '../../src/store/feed.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { unique } from '../support/factories.ts'
import { type NoticeDesk, type NoticeWish, noticeDesk } from '../support/notice-desk.ts'

let ground: TestDatabase
const desk = (wish: NoticeWish = {}) => noticeDesk(ground.db, wish)

beforeAll(async () => {
  ground = await testDatabase()
})
afterAll(() => ground.close())

const numberOf = async (at: NoticeDesk): Promise<string> => `#${(await at.conversation()).number}`
const silent = (at: NoticeDesk) =>
  ground.db.pool.query('update team set customer_sees = null where id = $1', [at.teamId])

describe('the acknowledgement', () => {
  it('names the number once nobody answered for a minute, and comes once for an opening', async () => {
    const at = await desk({ sees: null })
    await at.write()
    await at.write('Hello?')
    at.seconds(59)
    expect(await at.tell()).toEqual([])
    at.seconds(2)
    const text = `We have your message. Your request has the number ${await numberOf(at)}. A person will answer you here.`
    expect(await at.tell()).toEqual([text])
    await at.write('Is anybody there?')
    at.seconds(120)
    expect(await at.tell()).toEqual([text])
    await at.change({ status: 'resolved' })
    await at.tell()
    await at.write('It happened again')
    at.seconds(61)
    expect(await at.tell()).toEqual([text, text])
  })

  it('never comes after a person answered, or after the end', async () => {
    const answered = await desk()
    await answered.write()
    await answered.tell()
    await answered.answer()
    answered.seconds(61)
    expect(await answered.tell()).toEqual([])
    const ended = await desk({ sees: null })
    await ended.write()
    await ended.tell()
    await ended.change({ status: 'resolved' })
    ended.seconds(61)
    expect(await ended.tell()).toEqual([])
  })

  it('is said once by two nodes that die and come again', async () => {
    const at = await desk({ sees: null })
    const other = await openDatabase(ground.target, { poolSize: 2 })
    await at.write()
    at.seconds(61)
    while ((await stampFeed(ground.db.pool)) > 0);
    const nodes = [at.context, { ...at.context, db: other }]
    await Promise.all([...nodes, ...nodes].map((node) => noteChanges(node)))
    await Promise.all([...nodes, ...nodes].map((node) => tellDueNotices(node)))
    // As if it died before it could note that it was said.
    const { id } = await at.conversation()
    await ground.db.pool.query(
      `insert into customer_notice (conversation_id, kind, about, asked_by, happened_at, due_at)
        select $1, 'acknowledged', '0', min(id), $2, $2 from message where conversation_id = $1`,
      [id, at.now()],
    )
    await Promise.all(nodes.map((node) => tellDueNotices(node)))
    expect(await at.said()).toHaveLength(1)
    expect(await at.all('select * from customer_notice where conversation_id = $1', id)).toEqual([])
    await other.close()
  })

  it.each([
    ['a program', (at: NoticeDesk) => at.write('Out of office', { byProgram: true })],
    ['what was said before the inbox was enabled', (at: NoticeDesk) => at.write('Old', { occurredAt: new Date(0) })],
    [
      'what came in late',
      (at: NoticeDesk) => at.write('Late', { occurredAt: new Date(at.now().getTime() - 16 * 60_000) }),
    ],
    [
      'a group',
      (at: NoticeDesk) => at.write('Hi', { thread: { key: unique('g'), kind: 'group', audience: 'shared' } }),
    ],
    [
      'a public place',
      (at: NoticeDesk) => at.write('Hi', { thread: { key: unique('p'), kind: 'post', audience: 'public' } }),
    ],
  ])('never answers %s', async (_what, write) => {
    const at = await desk()
    await write(at)
    at.seconds(61)
    expect(await at.tell()).toEqual([])
  })

  it('is silent after "stop", where it is switched off, and where programs say only what they are asked', async () => {
    const stopped = await desk()
    await stopped.write()
    await ground.db.pool.query(
      `update identity set automation_stopped_at = now(), automation_stopped_by = 1
        where id = (select opener_identity_id from conversation where inbox_id = $1)`,
      [stopped.inboxId],
    )
    stopped.seconds(61)
    expect(await stopped.tell()).toEqual([])
    const off = await desk()
    await ground.db.pool.query(`update inbox set customer = '{"acknowledge": false}' where id = $1`, [off.inboxId])
    await off.write()
    off.seconds(61)
    expect(await off.tell()).toEqual([])
    const { adapter } = off.channel
    const asked = { ...adapter, capabilities: () => ({ ...adapter.capabilities({}), onlyAsked: true }) }
    const only = await desk()
    const describe = async (inboxId: string) => ({ inboxId, adapter: asked, settings: {} })
    const context = { ...only.context, connections: { describe } }
    await only.write()
    await only.change({ assigneeId: only.agentId })
    only.seconds(61)
    await only.read()
    await tellDueNotices(context)
    expect(await only.said()).toEqual([])
  })

  it('ends when somebody who may be a program goes on and on', async () => {
    const at = await desk({ sees: null })
    for (let n = 0; n < 6; n++) {
      await at.write(`Ticket ${n}`, { thread: { key: unique('mail'), kind: 'chat', audience: 'private' } })
      at.seconds(61)
      await at.tell()
    }
    expect(await at.said()).toHaveLength(3)
  })

  it('carries the address of the page of this case, and only a hash of it is kept', async () => {
    const at = await desk({ sees: null, customerUrl: 'https://help.example' })
    await at.write()
    at.seconds(61)
    const [text = ''] = await at.tell()
    expect(text).toMatch(/See how it goes on: https:\/\/help\.example\/t\/[\w-]{22}$/)
    const token = text.slice(-22)
    const kept = await at.all(`select row_to_json(l)::text as row from progress_link l order by id desc limit 1`)
    expect(kept[0].row).not.toContain(token)
  })
})

describe('what becomes of a case', () => {
  it('is told at the first assignment, the escalation and the end, in the words for this team', async () => {
    const at = await desk()
    await at.write()
    const number = await numberOf(at)
    await at.change({ assigneeId: at.agentId })
    const turn = `It is your turn: Ana (a specialist) is with you now. Your request: ${number}.`
    expect(await at.tell()).toEqual([turn])
    at.seconds(61)
    // Told already who has it: no number has to follow.
    expect(await at.tell()).toEqual([turn])
    await at.escalate()
    const further = `Your request ${number} goes on to a specialist. They can read everything you wrote, so you need not repeat it.`
    expect(await at.tell()).toEqual([turn, further])
    await at.change({ assigneeId: at.agentId })
    await at.change({ status: 'resolved' })
    await at.tell()
    const end = `Your request ${number} is closed. If something is still open, just write here.`
    expect(await at.tell()).toEqual([turn, further, end])
  })

  it.each([
    ['zh-Hans', '轮到您了：Ana（专员）现在为您服务。'],
    ['ja', 'お待たせいたしました。Ana（专员）が担当いたします。'],
    ['ko', '차례가 되었습니다. Ana(专员) 담당자가 도와드립니다.'],
    ['ru', 'Подошла ваша очередь: с вами Ana (专员).'],
  ])('is told in their language: %s', async (language, words) => {
    const at = await desk({ sees: '专员', language })
    await at.write()
    await at.change({ assigneeId: at.agentId })
    expect(await at.tell()).toEqual([expect.stringContaining(words)])
  })

  it('gives nothing away of a team that customers know nothing of, also when it gets the case later', async () => {
    const at = await desk()
    await at.write()
    await at.read()
    await silent(at)
    await at.change({ assigneeId: at.agentId })
    await at.tell()
    await at.escalate()
    await at.tell()
    await at.change({ status: 'resolved' })
    expect(await at.tell()).toEqual([])
    const moved = await desk()
    await moved.write()
    await moved.change({ assigneeId: moved.agentId })
    await moved.read()
    await silent(moved)
    expect(await moved.tell()).toEqual([])
  })

  it('is not told after a person answered, nor when it is no longer so, nor after a quarter of an hour', async () => {
    const answered = await desk()
    await answered.write()
    await answered.change({ assigneeId: answered.agentId })
    await answered.answer()
    await answered.write('Thank you, and another thing')
    expect(await answered.tell()).toEqual([])
    const given = await desk()
    await given.write()
    await given.change({ assigneeId: given.agentId })
    await given.read()
    await given.change({ assigneeId: null })
    expect(await given.tell()).toEqual([])
    const late = await desk()
    await late.write()
    await late.change({ assigneeId: late.agentId })
    await late.read()
    late.pass(16)
    expect(await late.tell()).toEqual([])
  })

  it('is told once, whoever has it afterwards, and says nothing of names that are links', async () => {
    const at = await desk()
    await at.write()
    await at.change({ assigneeId: at.agentId })
    await at.tell()
    await at.change({ assigneeId: null })
    await at.change({ assigneeId: at.agentId })
    expect(await at.tell()).toHaveLength(1)
    const named = await desk()
    await ground.db.pool.query(`update agent set public_name = 'https://evil.example' where id = $1`, [named.agentId])
    await named.write()
    await named.change({ assigneeId: named.agentId })
    expect(await named.tell()).toEqual([])
  })

  it('is not told of an end that was announced, or of what happened before anybody looked', async () => {
    const at = await desk()
    await at.write()
    await ground.db.pool.query(`delete from notice_reader`)
    await at.change({ assigneeId: at.agentId })
    expect(await at.tell()).toEqual([])
    await at.answer()
    await followUp(at.context)
    await ground.db.pool.query(
      `insert into activity (conversation_id, version, after_seq, kind, actor, data)
        select id, version, last_seq, 'statusChanged', 'system', '{"from": "waiting", "to": "resolved"}' from conversation
         where inbox_id = $1`,
      [at.inboxId],
    )
    expect(await at.tell()).toEqual([])
  })
})
