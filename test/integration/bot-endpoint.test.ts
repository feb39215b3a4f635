import { afterAll, beforeAll, expect, it } from 'vitest'
import { stockedDesk } from '../support/bot-desk.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { sentences, startLlm } from '../support/stand-ins/llm.ts'

let ground: TestDatabase
let llm: Awaited<ReturnType<typeof startLlm>>

beforeAll(async () => {
  ground = await testDatabase()
  llm = await startLlm()
})
afterAll(async () => {
  await llm.close()
  await ground.close()
})

it('what the bot is not sure of is written elsewhere, from the articles it would have offered, with their sources', async () => {
  const desk = await stockedDesk(ground.db, { url: llm.url, model: 'm' })
  llm.say(sentences(['Each network has its own fee.', desk.articles.fees], ['Staff ask for your password.', '1']))
  const [told] = await desk.ask('withdrawal')
  expect(told).toMatch(
    /\n\nEach network has its own fee\.\n\nSource: \[Withdrawal fees\]\(https:\/\/help\.example\/help\/en\/fees\)$/,
  )
  expect(told).not.toContain('Staff')
  expect((await desk.turns())[0]).toMatchObject({ outcome: 'answered', article_id: desk.articles.fees })
})

it('what it is sure of, and what is grave, is sent nowhere', async () => {
  const desk = await stockedDesk(ground.db, { url: llm.url, model: 'm' })
  llm.asked.length = 0
  await desk.ask('I forgot my password', 'my account was hacked')
  expect(llm.asked).toEqual([])
})

it('a machine that never answers is done without, within the deadline', async () => {
  const desk = await stockedDesk(ground.db, { url: llm.url, model: 'm' })
  llm.say(() => {})
  await desk.receive(desk.say('withdrawal'))
  await desk.routeAll()
  await ground.db.pool.query(`update bot_turn set deadline = now() + interval '3 seconds' where outcome = 'asked'`)
  await desk.work()
  expect((await desk.turns())[0]).toMatchObject({ outcome: 'offered' })
})

it('what is offered stands in the order of the machine elsewhere, if that names the very same articles', async () => {
  const choices = async (order: (ids: string[]) => string[]) => {
    const desk = await stockedDesk(ground.db, { url: llm.url, model: 'm' })
    llm.say((answer, { body }) => {
      const given = JSON.parse(body.messages[1]!.content) as { articles: { id: string }[] }
      const content = JSON.stringify({ sentences: [], order: order(given.articles.map(({ id }) => id)) })
      answer.setHeader('content-type', 'application/json')
      answer.end(JSON.stringify({ choices: [{ message: { content } }] }))
    })
    await desk.ask('withdrawal')
    const [turn] = await desk.turns()
    return (turn.offered as { label: string }[]).map(({ label }) => label)
  }
  const usual = await choices((ids) => ids)
  expect(usual.length).toBeGreaterThan(2)
  const turned = await choices((ids) => ids.toReversed())
  expect(turned).toEqual([...usual.slice(0, -1).toReversed(), usual.at(-1)])
  expect(await choices(() => ['999'])).toEqual(usual)
})
