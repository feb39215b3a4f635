import { afterAll, beforeAll, expect, it } from 'vitest'
import { createKnowledge } from '../../src/bot/knowledge.ts'
import { stockedDesk } from '../support/bot-desk.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { silent } from '../support/scripted-channel.ts'

let ground: TestDatabase
beforeAll(async () => {
  ground = await testDatabase()
})
afterAll(() => ground.close())

const open = () => createKnowledge({ db: ground.db, log: silent, publicUrl: 'https://help.example' })
const models = async () => (await ground.db.pool.query('select version, made_at from bot_model')).rows

it('learns once the articles stand still, once for all processes, and anew when they change', async () => {
  const desk = await stockedDesk(ground.db)
  const one = open()
  await one.refresh()
  expect(await models()).toEqual([])
  await one.refresh()
  const [first] = await models()
  const other = open()
  await other.refresh()
  await other.refresh()
  expect(await models()).toEqual([first])
  await desk.article('api-keys', { en: { title: 'API keys', phrasings: ['how do I create an api key'] } })
  expect((await other.current())?.articles.map(({ title }) => title)).toContain('API keys')
  await other.refresh()
  expect(await models()).toEqual([first])
  await other.refresh()
  const [second, ...more] = await models()
  expect(second.version).not.toBe(first.version)
  expect(more).toEqual([])
  await Promise.all([one.close(), other.close()])
})

it('what is no more published is not said, from the next question on', async () => {
  const desk = await stockedDesk(ground.db)
  await desk.ask('hello there, I forgot my password')
  await ground.db.pool.query(`update article_text set published_version = null where article_id = $1`, [
    desk.articles.fees,
  ])
  const [told] = await desk.ask('how much is the withdrawal fee')
  expect(told).not.toContain('Each network has its own fee')
})

it('learns nothing while no inbox lets the bot answer', async () => {
  await stockedDesk(ground.db)
  await ground.db.pool.query('update inbox set bot = false')
  await ground.db.pool.query('delete from bot_model')
  const one = open()
  await one.refresh()
  await one.refresh()
  expect(await models()).toEqual([])
})
