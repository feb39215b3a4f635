import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { stockedDesk } from '../support/bot-desk.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { type HttpServer, httpServer, type Person, signedIn } from '../support/http-server.ts'
import { startLlm } from '../support/stand-ins/llm.ts'

let base: TestDatabase
let server: HttpServer
let boss: Person
let stranger: Person
let desk: Awaited<ReturnType<typeof stockedDesk>>

beforeAll(async () => {
  base = await testDatabase()
  server = await httpServer(base.db)
  boss = await signedIn(server, { role: 'admin' })
  stranger = await signedIn(server, {})
})
afterAll(async () => {
  await server.close()
  await base.close()
})
beforeEach(async () => {
  desk = await stockedDesk(base.db)
  await base.db.pool.query('delete from bot_turn')
})

const quality = async (query = '') => (await boss.call(`GET /bot/quality${query}`)).body
const behind = async (query: string) => (await boss.call(`GET /bot/turns${query}`)).body.items

describe('the numbers', () => {
  it('are each as long as the list behind them, and an answer that people had to follow is counted as such', async () => {
    await desk.ask('I forgot my password', 'withdrawal', 'my account was hacked')
    const told = await quality()
    const kinds = [
      'asked',
      'answered',
      'offered',
      'chosen',
      'askedBack',
      'thanked',
      'handedOver',
      'wrong',
      'thenPeople',
    ]
    for (const kind of kinds) expect([kind, (await behind(`?what=${kind}`)).length]).toEqual([kind, told[kind]])
    expect(told).toMatchObject({ asked: 3, answered: 1, handedOver: 1, thenPeople: 1 })
    expect(told.offered + told.askedBack).toBe(1)
    expect(told.articles).toEqual([
      { id: desk.articles.password, title: 'Reset your password', answered: 1, chosen: 0, thenPeople: 1, wrong: 0 },
    ])
    expect(told.inboxes).toEqual([{ id: desk.inboxId, asked: 3, answered: 1, handedOver: 1, wrong: 0 }])
    expect(await behind('?what=handedOver&reason=account')).toMatchObject([{ asked: 'my account was hacked' }])
    expect(await behind('?what=handedOver&reason=late')).toEqual([])
  })

  it('can be asked for one inbox, one article, one language and some days', async () => {
    await desk.ask('I forgot my password')
    expect(await quality(`?inbox=${desk.inboxId}&article=${desk.articles.password}`)).toMatchObject({ answered: 1 })
    expect(await quality(`?article=${desk.articles.fees}`)).toMatchObject({ asked: 0 })
    expect(await quality('?language=xx')).toMatchObject({ asked: 0, articles: [] })
    const now = Date.now()
    const hour = (n: number) => new Date(now + n * 3_600_000).toISOString()
    expect(await quality(`?from=${hour(-2)}&to=${hour(-1)}`)).toMatchObject({ asked: 0 })
    expect(await quality(`?from=${hour(-1)}&to=${hour(1)}`)).toMatchObject({ asked: 1 })
  })

  it('are of what one may read, and no more', async () => {
    await desk.ask('I forgot my password')
    expect((await stranger.call('GET /bot/turns')).body.items).toEqual([])
    const { id } = await desk.conversation()
    expect((await stranger.call(`GET /conversations/${id}/bot`)).status).toBe(404)
    await base.db.pool.query('update conversation set restricted = true, team_id = $2 where id = $1', [id, desk.teamId])
    expect(await quality()).toMatchObject({ asked: 0 })
    expect(await behind('')).toEqual([])
  })
})

describe('a conversation', () => {
  it('says what the bot did there and how sure it was', async () => {
    await desk.ask('how do I reset my password')
    const { id } = await desk.conversation()
    const { items } = (await boss.call(`GET /conversations/${id}/bot`)).body
    expect(items).toMatchObject([
      { outcome: 'answered', article: { title: 'Reset your password' }, phrasing: 'how do I reset my password' },
    ])
    await desk.ask('I want to talk to a human')
    await base.db.pool.query('delete from bot_turn')
    expect((await boss.call(`GET /conversations/${id}/bot`)).body.items).toEqual([])
  })
})

describe('how the bot is', () => {
  it('is for leads: what it knows, and that it is still learning', async () => {
    expect((await stranger.call('GET /bot')).status).toBe(403)
    const { body } = await boss.call('GET /bot')
    expect(body).toMatchObject({ state: 'learning', articles: 4, phrasings: 25, model: null, languages: ['en', 'zh'] })
    expect(body.endpoint).toEqual({ state: 'off', host: null, model: null })
    for (let n = 0; n < 3; n++) await desk.bot.knowledge.refresh()
    const learned = (await boss.call('GET /bot')).body
    expect(learned.state).toBe('ready')
    expect(learned.model.version).toMatch(/^[0-9a-f]{8}$/)
  })

  it('tells whether the machine elsewhere is there, rests or refuses, and never the key', async () => {
    const llm = await startLlm()
    let rests = false
    const rest = { rests: () => rests, helped: () => {}, failed: () => {} }
    const near = await httpServer(base.db, { llm: { url: llm.url, model: 'm', key: 'a-secret-key', rest } })
    const lead = await signedIn(near, { role: 'admin' })
    const there = await lead.call('GET /bot')
    expect(there.body.endpoint).toEqual({ state: 'reachable', host: new URL(llm.url).host, model: 'm' })
    expect(there.text).not.toContain('a-secret-key')
    rests = true
    expect((await lead.call('GET /bot')).body.endpoint.state).toBe('resting')
    await near.close()
    await llm.close()
    const far = await httpServer(base.db, { llm: { url: llm.url, model: 'm' } })
    expect((await (await signedIn(far, { role: 'admin' })).call('GET /bot')).body.endpoint.state).toBe('unreachable')
    await far.close()
  })
})
