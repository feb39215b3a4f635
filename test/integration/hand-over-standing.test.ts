import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { sayHandedOver } from '../../src/bot/hand-over-word.ts'
import { answerAsked } from '../../src/routing/answer-asked.ts'
import { noteChanges, tellDueNotices } from '../../src/routing/notices.ts'
import { standingAfter } from '../../src/routing/standing.ts'
import { stampFeed } from '../../src/store/feed.ts'
import type { Job } from '../../src/store/job.ts'
import { type BotDesk, botDesk } from '../support/bot-desk.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'

let ground: TestDatabase
let desk: BotDesk
const customerUrl = 'https://help.example'

beforeAll(async () => {
  ground = await testDatabase()
})
afterAll(() => ground.close())
beforeEach(async () => {
  desk = await botDesk(ground.db)
  await desk.all(`update team set customer_sees = 'a specialist' where id = $1`, desk.teamId)
  await read()
})

const context = () => ({ ...desk.context, customerUrl })
async function read(): Promise<void> {
  while ((await stampFeed(ground.db.pool)) > 0);
  while (await noteChanges(context()));
}
const numberOf = async () =>
  (await desk.one('select number from conversation where inbox_id = $1', desk.inboxId)).number

/** As the workers do it, with what the whole application gives them. */
async function ask(text: string, wish: Parameters<BotDesk['say']>[1] = {}): Promise<string> {
  await desk.receive(desk.say(text, wish))
  for (let jobs: Job[] = []; ; ) {
    await desk.routeAll()
    jobs = await desk.claim()
    if (jobs.length === 0) break
    for (const job of jobs) {
      const messageId = String(job.payload['messageId'])
      const standing = (id: string) => standingAfter(context(), id)
      if (job.kind === 'bot-handed-over') await sayHandedOver({ ...desk.context, standing }, messageId)
      else if (job.kind === 'answer-asked')
        await answerAsked(context(), job.payload as Parameters<typeof answerAsked>[1])
      else await desk.run(job)
    }
  }
  return (await desk.spoken()).at(-1) ?? ''
}
async function afterAMinute(): Promise<string[]> {
  desk.pass(61_000)
  await read()
  await tellDueNotices(context())
  return desk.spoken()
}

it.each([
  ['人工', {}, '好的，我们的客服人员会在这里回复您。', '您的请求编号是 #', '下一位就是您。'],
  [
    '/human',
    { command: { name: 'human' } },
    'A person from our team',
    'Your request has the number #',
    'You are next.',
  ],
] as const)(
  'whoever asks for people is told number, page and place at once, and not again after a minute: %s',
  async (text, wish, first, number, place) => {
    const told = (await ask(text, wish)).split('\n\n')
    expect(told.join(' ')).toContain(first)
    expect(told.join(' ')).toContain(`${number}${await numberOf()}`)
    expect(told.at(-2)).toMatch(/https:\/\/help\.example\/t\/[\w-]{22}$/)
    expect(told.at(-1)).toBe(place)
    const kept = await desk.all(
      'select p.place from place_notice p join conversation c on c.id = p.conversation_id where c.inbox_id = $1',
      desk.inboxId,
    )
    expect(kept).toEqual([{ place: 1 }])
    await ask('Hello?')
    const before = await desk.spoken()
    expect(await afterAMinute()).toEqual(before)
  },
)

it('no place is told of a team that customers know nothing of, no number where numbers are switched off', async () => {
  await desk.all('update team set customer_sees = null where id = $1', desk.teamId)
  expect(await ask('人工')).toMatch(/#\d+。\n\n查看进度：\S+$/)
  desk = await botDesk(ground.db)
  await desk.all(`update inbox set customer = '{"acknowledge": false}' where id = $1`, desk.inboxId)
  expect(await ask('人工')).toMatch(/回复您。$/)
})

it('somebody in need reads of help, not of numbers', async () => {
  expect(await ask('I want to kill myself')).not.toContain('#')
})
