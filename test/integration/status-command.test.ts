import { afterAll, beforeAll, expect, it } from 'vitest'
import { answerAsked } from '../../src/routing/answer-asked.ts'
import { claimJobs, finishJob } from '../../src/store/job.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { type NoticeDesk, type NoticeWish, noticeDesk } from '../support/notice-desk.ts'

let ground: TestDatabase
beforeAll(async () => {
  ground = await testDatabase()
})
afterAll(() => ground.close())

/** What "/status" answers. */
async function ask(at: NoticeDesk): Promise<string> {
  await at.write('/status', { command: { name: 'status' } })
  for (const job of await claimJobs(ground.db.pool, { kinds: ['answer-asked'], limit: 10, leaseMs: 30_000 })) {
    await answerAsked(at.context, job.payload as Parameters<typeof answerAsked>[1])
    await finishJob(ground.db.pool, job)
  }
  return (await at.said()).at(-1) ?? ''
}
async function waiting(wish: NoticeWish = {}) {
  const at = await noticeDesk(ground.db, wish)
  await at.write()
  return { ...at, number: (await at.conversation()).number as string }
}
const promise = (at: NoticeDesk, minutes: number) =>
  ground.db.pool.query(`update conversation set due_at = $2, due_kind = 'firstResponse' where inbox_id = $1`, [
    at.inboxId,
    new Date(at.now().getTime() + minutes * 60_000),
  ])

it('status tells who has it, the place in the queue and when an answer is promised', async () => {
  const at = await waiting()
  await promise(at, 59)
  expect(await ask(at)).toBe(
    `Your open requests:\n\n- #${at.number}: waiting for our answer · With: a specialist · You are next. · We mean to answer by Mar 2, 2026, 8:59 AM UTC`,
  )
  await at.change({ assigneeId: at.agentId })
  await promise(at, -1)
  expect(await ask(at)).toContain(`- #${at.number}: waiting for our answer · Ana (a specialist) has it`)
  expect(await ask(at)).not.toMatch(/next|by Mar/)
})

it.each([
  ['zh', '等待我们回复 · 负责方：a specialist · 下一位就是您。'],
  ['ja', '当方の返信をお待ちいただいています · 担当：a specialist · 次がお客様の番です。'],
  ['ko', '답변을 준비하고 있습니다 · 담당: a specialist · 다음 차례입니다.'],
  ['ru', 'ждёт нашего ответа · Занимается: a specialist · Вы следующий в очереди.'],
])('status is told in their language: %s', async (language, words) => {
  expect(await ask(await waiting({ language }))).toContain(words)
})

it('of a team that customers know nothing of, status says only that we are looking into it', async () => {
  const at = await waiting({ sees: null })
  await promise(at, 59)
  const only = `Your open requests:\n\n- #${at.number}: we are looking into it`
  expect(await ask(at)).toBe(only)
  await at.change({ assigneeId: at.agentId })
  expect(await ask(at)).toBe(only)
  await at.change({ status: 'onHold', onHoldFor: 'compliance' })
  expect(await ask(at)).toBe(only)
})
