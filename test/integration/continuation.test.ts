import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import WebSocket from 'ws'
import { createEmailChannel } from '../../channels/email/index.ts'
import { widgetChannel } from '../../channels/widget/index.ts'
import type { ChannelAdapter } from '../../src/channel/contract.ts'
import { editMessage, removeMessage } from '../../src/delivery/change-sent.ts'
import { continueByLetter } from '../../src/delivery/continue-by-letter.ts'
import { usualPatience } from '../../src/domain/continuation.ts'
import { createFiles } from '../../src/files/files.ts'
import { createConnections } from '../../src/ingest/connections.ts'
import { parseOutboundAllow } from '../../src/security/outbound-address.ts'
import { createSealer } from '../../src/security/seal.ts'
import { mergeConversations } from '../../src/store/conversation-merge.ts'
import { expireMessages } from '../../src/store/retention.ts'
import { type ContinuedChat, continuedChat, own } from '../support/continued-chat.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { sendMail } from '../support/mail-ground.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { secretKey } from '../support/visitor-app.ts'

let database: TestDatabase
let chat: ContinuedChat
const patience = { timeoutMs: 15_000 }

beforeAll(async () => {
  database = await testDatabase()
  chat = await continuedChat(database)
})
afterAll(async () => {
  await chat?.close()
  await database?.close()
})

const all = async (sql: string, ...values: unknown[]) => (await database.db.pool.query(sql, values)).rows
const one = async (sql: string, ...values: unknown[]) => (await all(sql, ...values))[0]
let visitors = 0
const fresh = () => `guest${++visitors}@customer.test`
/** Without the one that asked for the address. */
const answersTo = async (address: string) =>
  (await chat.mailsTo(address)).filter(({ text }) => !text?.includes('/widget/confirm/'))
const answerTo = (address: string, count = 1) =>
  eventually(async () => {
    const mails = await answersTo(address)
    return mails.length >= count && mails.at(-1)!
  }, patience)
const idle = () =>
  eventually(
    async () => (await one(`select count(*)::int as n from job where kind = 'continue' and due_at <= now()`)).n === 0,
  )
const conversationsOf = async (threadId: string) =>
  (
    await all(
      `select distinct m.conversation_id as id from message m join thread t on t.id = m.thread_id
        where t.id = $1 or t.continues_id = $1`,
      threadId,
    )
  ).map(({ id }) => id)

test('a reply that nobody read in the chat goes out by mail, as an answer that quotes the question', async () => {
  const address = fresh()
  const { messageId } = await chat.visitor('Where is my deposit?', address)
  await chat.app.answer(messageId, 'It **arrived** today.')
  await chat.later()
  const mail = await answerTo(address)
  expect(mail).toMatchObject({
    subject: 'Your chat in Northstar chat',
    from: { name: 'Ana (Northstar)', address: own },
  })
  expect(mail.text).toMatch(/^It arrived today\.\n\nYou left this address in Northstar chat\./)
  expect(mail.text).toContain('> Where is my deposit?')
  expect(mail.html).toContain('<strong>arrived</strong>')
  expect(mail.replyTo?.[0]?.address).toMatch(/^support\+t-/)
})

test('several unread replies go in one mail, with their files, and what comes later in another of the same thread', async () => {
  const address = fresh()
  const { messageId } = await chat.visitor('Hello?', address)
  for (const words of ['First.', 'Second.', 'Third.']) await chat.app.answer(messageId, words)
  const fileId = await chat.app.upload('terms.txt', Buffer.from('the terms'))
  await chat.app.answer(messageId, 'Fourth.', { fileIds: [fileId] })
  await chat.later()
  const mail = await answerTo(address)
  expect(mail.text).toMatch(/^First\.\n\nSecond\.\n\nThird\.\n\nFourth\./)
  expect(mail.attachments).toMatchObject([{ filename: 'terms.txt' }])
  await chat.app.answer(messageId, 'Fifth.')
  await chat.later()
  const next = await answerTo(address, 2)
  expect(next.text).toMatch(/^Fifth\./)
  expect(next.text).not.toContain('First.')
  expect(next.inReplyTo).toBe(mail.messageId)
  expect(await answersTo(address)).toHaveLength(2)
})

test('nothing goes out before a minute, nor while the agent writes on, nor while a page is open', async () => {
  const { messageId, threadId, client } = await chat.visitor('Hello', fresh())
  await chat.app.answer(messageId, 'One moment.')
  const ctx = await worker()
  const wait = () => continueByLetter(ctx, threadId, usualPatience)
  expect(await wait()).toBeGreaterThan(50_000)
  await database.db.pool.query(`update message set created_at = now() - interval '70 s' where thread_id = $1`, [
    threadId,
  ])
  await chat.app.answer(messageId, 'And another.')
  expect(await wait()).toBeGreaterThan(50_000)
  await chat.later()
  const socket = new WebSocket(
    `${chat.app.url.replace('http', 'ws')}/widget/v1/${chat.chatId}/live?token=${encodeURIComponent(client.token)}`,
  )
  await eventually(
    async () => (await one('select * from visitor_presence where thread_id = $1', threadId)) !== undefined,
  )
  expect(await wait()).toBeGreaterThan(50_000)
  socket.close()
  await database.db.pool.query(`update visitor_presence set seen_at = now() - interval '61 s' where thread_id = $1`, [
    threadId,
  ])
  expect(await wait()).toBe(0)
  expect(
    await all(
      'select * from continued_message k join message m on m.id = k.message_id where m.thread_id = $1',
      threadId,
    ),
  ).toHaveLength(2)
})

test('what was read in the chat is not mailed, and what is read before the mail left is taken back', async () => {
  const [read, later] = [fresh(), fresh()]
  const first = await chat.visitor('Hello', read)
  const answerId = await chat.app.answer(first.messageId, 'Here.')
  await eventually(
    async () => (await one('select state from delivery where message_id = $1', answerId)).state === 'sent',
  )
  await first.client.call('PUT', '/read', { upTo: answerId })
  const second = await chat.visitor('Hello', later)
  await database.db.pool.query(`update inbox set paused_until = now() + interval '1 hour' where id = $1`, [chat.mailId])
  const waiting = await chat.app.answer(second.messageId, 'There.')
  await chat.later()
  const letter = () =>
    one(
      'select d.state, d.failure from delivery d join continued_message k on k.delivery_id = d.id where k.message_id = $1',
      waiting,
    )
  await eventually(async () => (await letter())?.state === 'pending', patience)
  await second.client.call('PUT', '/read', { upTo: waiting })
  await eventually(async () => expect(await letter()).toEqual({ state: 'cancelled', failure: 'readThere' }))
  await database.db.pool.query(`update inbox set paused_until = null where id = $1`, [chat.mailId])
  const third = fresh()
  const last = await chat.visitor('Hello', third)
  await chat.app.answer(last.messageId, 'Done.')
  await chat.later()
  await answerTo(third)
  expect([...(await answersTo(read)), ...(await answersTo(later))]).toEqual([])
})

test('a reply that is mended or taken back while its mail waits is not mailed as it was', async () => {
  const address = fresh()
  const { messageId } = await chat.visitor('Hello', address)
  await database.db.pool.query(`update inbox set paused_until = now() + interval '1 hour' where id = $1`, [chat.mailId])
  const [wrong, kept] = [await chat.app.answer(messageId, 'It is lost.'), await chat.app.answer(messageId, 'Wait.')]
  const secret = await chat.app.answer(messageId, 'for somebody else')
  await eventually(
    async () => (await one('select state from delivery where message_id = $1', secret)).state === 'sent',
    patience,
  )
  await chat.later()
  const waiting = (id: string) =>
    one(`select d.id from delivery d join continued_message k on k.delivery_id = d.id where k.message_id = $1`, id)
  await eventually(async () => (await waiting(kept)) !== undefined, patience)
  const ctx = await worker()
  const actor = 'agent:1'
  await editMessage(ctx, { messageId: wrong, text: 'It is found.', actor })
  await removeMessage(ctx, { messageId: secret, actor })
  await chat.later()
  await eventually(async () => (await waiting(kept)) !== undefined, patience)
  await database.db.pool.query(`update inbox set paused_until = null where id = $1`, [chat.mailId])
  const mail = await answerTo(address)
  expect(mail.text).toMatch(/^It is found\.\n\nWait\./)
  await idle()
  expect(await answersTo(address)).toHaveLength(1)
})

test('ten workers at once, and one that died before it could say so, send it once', async () => {
  const address = fresh()
  const { messageId, threadId } = await chat.visitor('Hello', address)
  await database.db.pool.query(`delete from job where kind = 'continue'`)
  const answers = [await chat.app.answer(messageId, 'Once.'), await chat.app.answer(messageId, 'And only once.')]
  await database.db.pool.query(`delete from job where kind = 'continue'`)
  await chat.later()
  const ctx = await worker()
  const outcomes = await Promise.allSettled(
    Array.from({ length: 10 }, () => continueByLetter(ctx, threadId, usualPatience)),
  )
  expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0)
  // The job comes again, as it does after a process was killed behind its commit.
  expect(await continueByLetter(ctx, threadId, usualPatience)).toBe(0)
  expect(
    await all('select distinct delivery_id from continued_message where message_id = any($1)', answers),
  ).toHaveLength(1)
  await answerTo(address)
  await idle()
  expect(await answersTo(address)).toHaveLength(1)
  await expect(
    database.db.pool.query('insert into continued_message select message_id, delivery_id from continued_message'),
  ).rejects.toMatchObject({ code: '23505' })
})

test('who confirms after the answer was written is sent it all the same', async () => {
  const address = fresh()
  const { client, messageId } = await chat.visitor('Hello')
  await client.call('PUT', '/email', { email: address })
  await chat.app.answer(messageId, 'You had gone.')
  await chat.later()
  await idle()
  expect(await answersTo(address)).toEqual([])
  await chat.confirm(await chat.link(address))
  expect((await answerTo(address)).text).toMatch(/^You had gone\./)
})

test('the customer’s answer by mail is the next message of the same conversation, and the reply to it goes by mail', async () => {
  const address = fresh()
  const { messageId, threadId, client } = await chat.visitor('Hello', address)
  await chat.app.answer(messageId, 'What is your order number?')
  await chat.later()
  const mail = await answerTo(address)
  await chat.answerByMail(mail, `Guest <${address}>`, 'It is 4711.')
  const answer = await eventually(
    () => one(`select id, conversation_id, joined_by, version from message where text like 'It is 4711%'`),
    patience,
  )
  expect(await conversationsOf(threadId)).toEqual([answer.conversation_id])
  await chat.app.answer(answer.id, 'Thank you, it is on its way.')
  const reply = await answerTo(address, 2)
  expect(reply.text).toMatch(/^Thank you, it is on its way\./)
  expect(reply.references).toContain(mail.messageId)
  expect(await conversationsOf(threadId)).toHaveLength(1)
  // Back on the page all of it is there.
  const { items, cursor } = await client.list()
  expect(items.map(({ from, text, byLetter = false }) => ({ from, text: text.trim(), byLetter }))).toEqual([
    { from: 'visitor', text: 'Hello', byLetter: false },
    { from: 'support', text: 'What is your order number?', byLetter: false },
    { from: 'visitor', text: 'It is 4711.', byLetter: true },
    { from: 'support', text: 'Thank you, it is on its way.', byLetter: true },
  ])
  await chat.app.answer(answer.id, 'It has arrived.')
  const newer = await client.list(`?after=${encodeURIComponent(cursor)}`)
  expect(newer.items.map(({ text }) => text)).toEqual(['It has arrived.'])
  expect((await client.list(`?after=${encodeURIComponent(newer.cursor)}`)).items).toEqual([])
  // And who writes there again is answered there again.
  const back = (await client.send('I am back.')).body.message.id
  const there = await chat.app.answer(back, 'Welcome back.')
  expect(await one('select thread_id::text as thread from message where id = $1', there)).toEqual({ thread: threadId })
})

test('a conversation that was joined to another one takes its mail along', async () => {
  const address = fresh()
  const { messageId, threadId } = await chat.visitor('Hello', address)
  await chat.app.answer(messageId, 'Which account?')
  await chat.later()
  const mail = await answerTo(address)
  await eventually(
    () =>
      sendMail(chat.mailPort, { from: address, to: own, subject: 'Another matter', text: 'Of my other account.' }).then(
        () => true,
      ),
    patience,
  )
  const other = await eventually(
    () => one(`select conversation_id as id from message where text like 'Of my other account%'`),
    patience,
  )
  const [conversationId] = await conversationsOf(threadId)
  const who = { agentId: null, inboxIds: [chat.chatId, chat.mailId], teamIds: [], seesOrphans: true }
  const merge = { conversationId, into: other.id, who, actor: 'system', now: new Date() }
  expect(await mergeConversations(database.db, merge)).toEqual({ kind: 'merged' })
  await chat.answerByMail(mail, address, 'The savings account.')
  const answer = await eventually(
    () => one(`select conversation_id as id from message where text like 'The savings account%'`),
    patience,
  )
  expect(answer.id).toBe(other.id)
})

test('a stranger who has the mail joins nothing, and is seen by nobody on the page', async () => {
  const address = fresh()
  const { messageId, threadId, client } = await chat.visitor('Hello', address)
  await chat.app.answer(messageId, 'A secret for you.')
  await chat.later()
  await chat.answerByMail(await answerTo(address), 'Eve <eve@elsewhere.test>', 'Send it to me as well.')
  const strange = await eventually(
    () =>
      one(`select c.id, c.claims_conversation_id as claims from message m join conversation c on c.id = m.conversation_id
        where m.text like 'Send it to me%'`),
    patience,
  )
  const [conversation] = await conversationsOf(threadId)
  expect(strange.id).not.toBe(conversation)
  expect(strange.claims).toBe(conversation)
  expect(JSON.stringify(await client.list())).not.toContain('Send it to me')
})

test('before the address is confirmed even its owner joins nothing', async () => {
  const address = fresh()
  const { threadId, client } = await chat.visitor('Hello')
  await client.call('PUT', '/email', { email: address })
  await chat.link(address)
  const [asking] = await chat.mailsTo(address)
  await chat.answerByMail(asking!, address, 'Who are you?')
  const curious = await eventually(
    () => one(`select conversation_id as id from message where text like 'Who are you?%'`),
    patience,
  )
  expect(await conversationsOf(threadId)).not.toContain(curious.id)
})

test('what an agent writes to somebody else in the thread of letters is not shown on the page', async () => {
  const address = fresh()
  const { messageId, threadId, client } = await chat.visitor('Hello', address)
  await chat.app.answer(messageId, 'Yes?')
  await chat.later()
  await chat.answerByMail(await answerTo(address), address, 'Please ask your bank.')
  await eventually(() => one(`select id from message where text like 'Please ask your bank%'`), patience)
  const letters = await one('select id, conversation_id as conversation from thread where continues_id = $1', threadId)
  await database.db.pool.query(
    `insert into message (conversation_id, thread_id, seq, direction, sender_type, text, occurred_at, letter)
      values ($1, $2, 900, 'out', 'agent', 'Is this customer known to you?', now(), '{"to":[{"name":"","address":"bank@bank.test"}],"cc":[]}'),
             ($1, $2, 901, 'in', 'contact', 'No, not at all.', now(), '{"from":{"name":"","address":"bank@bank.test"},"to":[],"cc":[]}')`,
    [letters.conversation, letters.id],
  )
  const shown = JSON.stringify(await client.list())
  expect(shown).toContain('Please ask your bank')
  expect(shown).not.toContain('known to you')
  expect(shown).not.toContain('not at all')
})

test('when the words are to go, they go from the letter that carried them, too', async () => {
  const address = fresh()
  const { messageId } = await chat.visitor('Hello', address)
  const first = await chat.app.answer(messageId, 'Words that do not stay.')
  await chat.app.answer(messageId, 'Nor these.')
  await chat.later()
  await answerTo(address)
  await eventually(
    async () =>
      (
        await one(
          'select state from delivery d join continued_message k on k.delivery_id = d.id where k.message_id = $1',
          first,
        )
      ).state === 'sent',
  )
  await database.db.pool.query('update inbox set retention_days = 1 where id = $1', [chat.chatId])
  await database.db.pool.query(`update message set created_at = now() - interval '2 days' where id = $1`, [first])
  await expireMessages(database.db, new Date())
  await database.db.pool.query('update inbox set retention_days = null where id = $1', [chat.chatId])
  expect(await all(`select id from delivery where payload::text like '%do not stay%'`)).toEqual([])
})

async function worker() {
  const channels = [widgetChannel as ChannelAdapter, createEmailChannel() as ChannelAdapter]
  const { db } = database
  const clock = () => new Date()
  const connections = createConnections({
    db,
    channels,
    clock,
    sealer: createSealer(secretKey),
    publicUrl: chat.app.url,
    log: pino({ level: 'silent' }),
    outboundAllow: parseOutboundAllow([]),
    files: await createFiles(db, temporaryFolder()),
  })
  return { db, connections, clock }
}
