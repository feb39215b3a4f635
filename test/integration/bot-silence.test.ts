import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keepCurrent } from '../../src/jobs/keep-promises.ts'
import { followUp } from '../../src/routing/follow-up.ts'
import { stampFeed } from '../../src/store/feed.ts'
import { type BotDesk, stockedDesk } from '../support/bot-desk.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'

let ground: TestDatabase
beforeAll(async () => {
  ground = await testDatabase()
})
afterAll(() => ground.close())

const hour = 3_600_000

/** Reminds after a day, resolves another day later. */
async function deskOf(): Promise<BotDesk> {
  const desk = await stockedDesk(ground.db)
  await desk.all(
    'update inbox set remind_after_hours = 24, resolve_after_hours = 24, remind_since = $2 where id = $1',
    desk.inboxId,
    desk.now(),
  )
  desk.pass(60_000)
  return desk
}
/** The model may still be learned on a busy machine: nobody is late here. */
const ask = async (desk: BotDesk, text: string): Promise<void> => {
  await desk.receive(desk.say(text))
  await desk.routeAll()
  await desk.all(`update bot_turn set deadline = now() + interval '10 minutes' where outcome = 'asked'`)
  await desk.work()
}
const remind = async (desk: BotDesk): Promise<void> => {
  while ((await stampFeed(ground.db.pool)) > 0);
  while (await keepCurrent(desk.context));
  await followUp(desk.context)
}
const arrived = (desk: BotDesk) => desk.all(`update delivery set state = 'sent' where inbox_id = $1`, desk.inboxId)
const reminders = async (desk: BotDesk) => (await desk.spoken()).filter((text) => text.includes('have not heard'))

describe('a case that the bot answered and nobody came back to', () => {
  it('is reminded of as the inbox says, and closed as it was announced', async () => {
    const desk = await deskOf()
    await ask(desk, 'where can I withdraw my money')
    expect(await desk.conversation()).toMatchObject({ holder: 'bot', status: 'open' })
    await remind(desk)
    desk.pass(23 * hour)
    await remind(desk)
    expect(await reminders(desk)).toEqual([])
    desk.pass(hour + 1)
    await Promise.all([remind(desk), remind(desk)])
    expect(await reminders(desk)).toHaveLength(1)
    await arrived(desk)
    desk.pass(24 * hour - 1000)
    await remind(desk)
    expect(await desk.conversation()).toMatchObject({ status: 'open' })
    desk.pass(2000)
    await remind(desk)
    expect(await desk.conversation()).toMatchObject({ status: 'resolved', waiting_since: null })
    const [last] = await desk.all(`select data from activity where kind = 'statusChanged' order by id desc limit 1`)
    expect(last.data).toEqual({ from: 'open', to: 'resolved', why: 'silence' })
  })

  it('is closed as well when nothing but thanks came', async () => {
    const desk = await deskOf()
    await ask(desk, 'where can I withdraw my money')
    desk.pass(60_000)
    await ask(desk, 'thank you!')
    expect((await desk.turns()).map(({ outcome }) => outcome)).toEqual(['answered', 'thanked'])
    await remind(desk)
    desk.pass(24 * hour + 1)
    await remind(desk)
    expect(await reminders(desk)).toHaveLength(1)
    await arrived(desk)
    desk.pass(24 * hour + 1)
    await remind(desk)
    expect(await desk.conversation()).toMatchObject({ status: 'resolved' })
  })

  it('is left alone when the customer wrote again, or people have it', async () => {
    const desk = await deskOf()
    await ask(desk, 'where can I withdraw my money')
    await remind(desk)
    desk.pass(24 * hour + 1)
    await desk.receive(desk.say('how much is the withdrawal fee'))
    await followUp(desk.context)
    await desk.work()
    await ask(desk, 'I want to talk to a human')
    expect(await desk.conversation()).toMatchObject({ holder: 'queue' })
    desk.pass(48 * hour)
    await remind(desk)
    expect(await reminders(desk)).toEqual([])
    expect(await desk.conversation()).toMatchObject({ status: 'open' })
  })
})
