import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { noticeDesk } from '../support/notice-desk.ts'

let ground: TestDatabase
beforeAll(async () => {
  ground = await testDatabase()
})
afterAll(() => ground.close())

const name = (teamId: string, sees: string | null, zh: string) =>
  ground.db.pool.query('update team set customer_sees = $2, customer_sees_in = $3 where id = $1', [
    teamId,
    sees,
    JSON.stringify({ zh }),
  ])

it('a team is called what it is called in the customer’s language, else what it is called', async () => {
  const [chinese, korean] = [
    await noticeDesk(ground.db, { language: 'zh-Hans' }),
    await noticeDesk(ground.db, { language: 'ko' }),
  ]
  for (const desk of [chinese, korean]) {
    await name(desk.teamId, 'a payments specialist', '充提专员')
    await desk.write()
    await desk.escalate()
  }
  expect((await chinese.tell()).at(-1)).toContain('已转给充提专员')
  expect((await korean.tell()).at(-1)).toContain('a payments specialist')
})

it('a team that customers know nothing of is not named in any language', async () => {
  const desk = await noticeDesk(ground.db, { language: 'zh' })
  await name(desk.teamId, null, '合规专员')
  await desk.write()
  await desk.escalate()
  expect(await desk.tell()).toEqual([])
})

it('an inbox that tells no news still answers for itself, and one of before says nothing new', async () => {
  const desk = await noticeDesk(ground.db)
  await desk.all(`update inbox set customer = '{"news": false}' where id = $1`, desk.inboxId)
  await desk.write()
  await desk.escalate()
  expect(await desk.tell()).toEqual([])
  desk.seconds(61)
  expect(await desk.tell()).toHaveLength(1)
  const old = await noticeDesk(ground.db)
  await old.all(`update inbox set customer = '{"acknowledge": false, "news": false}' where id = $1`, old.inboxId)
  await old.write()
  await old.escalate()
  old.seconds(61)
  expect(await old.tell()).toEqual([])
})
