import { afterAll, beforeAll, expect, it } from 'vitest'
import { createLanguages } from '../../src/routing/languages.ts'
import { botDesk } from '../support/bot-desk.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { said } from '../support/events.ts'
import { createAgent } from '../support/factories.ts'

let ground: TestDatabase
beforeAll(async () => {
  ground = await testDatabase()
})
afterAll(() => ground.close())

it('a desk speaks what its agents speak and its published articles are written in; only two of one script need a library', async () => {
  const desk = await botDesk(ground.db)
  const languages = createLanguages(ground.db.pool)
  await languages.refresh()
  expect(languages.now()).toEqual({ languages: ['en'], detect: null })
  await desk.article('fees', { en: { title: 'Fees' }, 'zh-TW': { title: '手續費' } })
  await languages.refresh()
  expect(languages.now()).toEqual({ languages: ['en', 'zh'], detect: null })
  const agentId = await createAgent(ground.db.pool)
  await ground.db.pool.query(`update agent set languages = '{"es": 3}' where id = $1`, [agentId])
  await languages.refresh()
  expect(languages.now().languages).toEqual(['en', 'es', 'zh'])
  expect(languages.now().detect?.('no puedo entrar en mi cuenta', ['en', 'es'])[0]?.lang).toBe('es')
})

it('who was taken for English is Chinese with the next message, and stays it whatever tokens they name', async () => {
  const desk = await botDesk(ground.db)
  const language = async () =>
    (await desk.one('select language from conversation where inbox_id = $1', desk.inboxId)).language
  const say = async (text: string) => {
    await desk.receive(said(text, { thread: { key: desk.chat, kind: 'chat', audience: 'private' } }))
    await desk.routeAll()
  }
  await say('hello there')
  expect(await language()).toBe('en')
  await say('我的充值还没有到账')
  expect(await language()).toBe('zh')
  await say('USDT via Binance Smart Chain')
  expect(await language()).toBe('zh')
})
