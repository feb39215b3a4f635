import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { reply } from '../../src/delivery/reply.ts'
import { learnFromAnswers } from '../../src/store/bot-suggestion.ts'
import { transaction } from '../../src/store/database.ts'
import { forget } from '../../src/store/erasure.ts'
import { stockedDesk } from '../support/bot-desk.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { type HttpServer, httpServer, type Person, signedIn } from '../support/http-server.ts'

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
  await base.db.pool.query('delete from bot_suggestion')
  desk = await stockedDesk(base.db)
})

const says = async (text: string) => {
  const { id: conversationId } = await desk.conversation()
  await reply(desk.context, {
    conversationId,
    author: { type: 'agent', id: boss.id, priority: 'person' },
    kind: 'reply',
    text,
    attachmentFileIds: [],
    clientId: randomUUID(),
  })
  return conversationId as string
}

describe('a case that people have', () => {
  it('can be given to the bot, which says again that it is one', async () => {
    await desk.ask('I want to talk to a human')
    const id = await says('How can I help?')
    expect((await stranger.call(`POST /conversations/${id}/bot`)).status).toBe(404)
    expect((await boss.call(`POST /conversations/${id}/bot`)).body).toEqual({ conversation: id })
    expect(await desk.conversation()).toMatchObject({ holder: 'bot', assignee_id: null })
    const [told] = await desk.ask('I forgot my password')
    expect(told).toMatch(/^I am a bot and answer/)
    expect((await boss.call(`POST /conversations/${id}/bot`)).body.error.code).toBe('notForBot')
    await desk.ask('I want to talk to a human')
    expect(await desk.conversation()).toMatchObject({ holder: 'queue', team_id: desk.teamId })
    const { rows } = await base.db.pool.query(
      `select data from activity where conversation_id = $1 and kind = 'botHandedOver' order by id desc limit 1`,
      [id],
    )
    expect(rows[0].data.turns).toHaveLength(2)
  })

  it('cannot where the inbox does not let it answer', async () => {
    await desk.ask('I want to talk to a human')
    await base.db.pool.query('update inbox set bot = false where id = $1', [desk.inboxId])
    const { id } = await desk.conversation()
    expect((await boss.call(`POST /conversations/${id}/bot`)).status).toBe(409)
  })
})

describe('what the bot said', () => {
  it('is counted, and wrong by an agent’s verdict, which can be taken back', async () => {
    await base.db.pool.query('delete from bot_turn')
    await desk.ask('I forgot my password', 'my account was hacked')
    const { id } = await desk.one(
      `select m.id from message m join bot_turn b on b.reply_id = m.id where b.outcome = 'answered'`,
    )
    expect((await stranger.call(`PUT /messages/${id}/verdict`, { wrong: true })).status).toBe(404)
    expect((await boss.call(`PUT /messages/${id}/verdict`, { wrong: true })).status).toBe(204)
    expect((await boss.call('GET /bot/quality?days=7')).body).toMatchObject({
      ...{ asked: 2, answered: 1, offered: 0, chosen: 0, askedBack: 0, handedOver: 1, wrong: 1 },
      reasons: [{ reason: 'account', count: 1 }],
    })
    await boss.call(`PUT /messages/${id}/verdict`, { wrong: false })
    expect((await boss.call('GET /bot/quality')).body.wrong).toBe(0)
    expect((await stranger.call('GET /bot/quality')).body.asked).toBe(0)
  })
})

describe('what people answered', () => {
  const question = 'purple elephants in my basement'
  const finish = async (answer: string) => {
    await desk.ask('I cannot see my thing', question)
    const id = await says(answer)
    await base.db.pool.query(`update conversation set status = 'resolved', resolved_at = now() where id = $1`, [id])
    await learnFromAnswers(base.db.pool)
    await learnFromAnswers(base.db.pool)
    return (await boss.call('GET /bot/suggestions')).body.items
  }
  const answer = 'Close the basement door and count the elephants twice.'

  it('is a draft in their words, without the customer’s, and an article nobody sees when accepted', async () => {
    const items = await finish(answer)
    expect(items).toHaveLength(1)
    expect(items[0]).toMatchObject({ kind: 'draft', asked: null, answered: answer, locale: 'en' })
    expect((await stranger.call('GET /bot/suggestions')).status).toBe(403)
    const { body } = await boss.call(`POST /bot/suggestions/${items[0].id}/accept`)
    const { body: article } = await boss.call(`GET /articles/${body.articleId}`)
    expect(article.texts[0]).toMatchObject({ body: answer, state: 'draft', phrasings: [] })
    expect((await boss.call(`POST /bot/suggestions/${items[0].id}/accept`)).status).toBe(404)
    expect((await boss.call('GET /bot/suggestions')).body.items).toEqual([])
  })

  it('with an article’s address is a phrasing of it, where the inbox lets customers’ words be used; erased with them', async () => {
    const link = 'See https://help.example/help/en/password for all of it, please.'
    expect(await finish(link)).toEqual([])
    await base.db.pool.query('update inbox set learn = true where id = $1', [desk.inboxId])
    await base.db.pool.query(
      `update bot_turn set learned = false where message_id in (select id from message where conversation_id = $1)`,
      [(await desk.conversation()).id],
    )
    await learnFromAnswers(base.db.pool)
    const { items } = (await boss.call('GET /bot/suggestions')).body
    expect(items).toMatchObject([{ kind: 'phrasing', asked: question, article: { id: desk.articles.password } }])
    expect((await boss.call(`POST /bot/suggestions/${items[0].id}/accept`)).status).toBe(200)
    const phrasings = async () =>
      (await desk.all('select text from article_phrasing where article_id = $1', desk.articles.password)).map(
        ({ text }) => text,
      )
    expect(await phrasings()).toContain(question)
    expect((await boss.call(`POST /bot/suggestions/${items[0].id}/reopen`)).status).toBe(204)
    expect(await phrasings()).not.toContain(question)
    const put = 'Where do the elephants in my basement come from?'
    await boss.call(`POST /bot/suggestions/${items[0].id}/accept`, { phrasing: put })
    expect(await phrasings()).toContain(put)
    const { contact_id: contactId } = await desk.one(
      `select k.contact_id from identity k join conversation c on c.opener_identity_id = k.id where c.id = $1`,
      (await desk.conversation()).id,
    )
    await transaction(base.db, (tx) => forget(tx, contactId, null))
    expect(await phrasings()).not.toContain(put)
    expect(await desk.all('select id from bot_suggestion')).toEqual([])
  })

  it('can be dismissed, and what is for people anyway teaches nothing', async () => {
    const [one] = await finish(answer)
    expect((await boss.call(`POST /bot/suggestions/${one.id}/dismiss`)).status).toBe(204)
    expect((await boss.call('GET /bot/suggestions')).body.items).toEqual([])
    expect((await stranger.call(`POST /bot/suggestions/${one.id}/reopen`)).status).toBe(403)
    expect((await boss.call(`POST /bot/suggestions/${one.id}/reopen`)).status).toBe(204)
    expect((await boss.call('GET /bot/suggestions')).body.items).toMatchObject([{ id: one.id }])
    await boss.call(`POST /bot/suggestions/${one.id}/dismiss`)
    const other = await stockedDesk(base.db)
    desk = other
    await desk.ask('I will call my lawyer')
    const id = await says(answer)
    await base.db.pool.query(`update conversation set status = 'resolved' where id = $1`, [id])
    await learnFromAnswers(base.db.pool)
    expect((await boss.call('GET /bot/suggestions')).body.items).toEqual([])
  })
})

describe('whoever answers', () => {
  it('is shown articles, replies with their source, and what a long talk was about', async () => {
    for (const id of Object.values(desk.articles)) await boss.call(`POST /articles/${id}/texts/en/publish`, {})
    await desk.ask('I want to talk to a human')
    const id = await says('Of course. What is it about?')
    for (let n = 0; n < 4; n++) {
      await desk.receive(desk.say(`Line ${n}. How do I reset my password?`))
      await says(`Noted ${n}. We will check it within 2 days.`)
    }
    const { status, body } = await boss.call(`GET /conversations/${id}/suggestions`)
    expect(status).toBe(200)
    expect(body.summary).toMatchObject({
      firstQuestion: { text: 'How do I reset my password?' },
      promised: [{ text: 'We will check it within 2 days.' }, {}, {}, {}],
    })
    expect((await stranger.call(`GET /conversations/${id}/suggestions`)).status).toBe(404)
  })
})
