import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mergeConversations } from '../../src/store/conversation-merge.ts'
import { splitConversation } from '../../src/store/conversation-split.ts'
import { eraseContact } from '../../src/store/erasure.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import {
  createAgent,
  createConversation,
  createMessage,
  createThread,
  type MadeConversation,
} from '../support/factories.ts'
import { type HttpServer, httpServer, type Person, readableInbox, signedIn } from '../support/http-server.ts'

let ground: TestDatabase
let server: HttpServer
let agent: Person
let inboxId: string
let now = new Date()

beforeAll(async () => {
  ground = await testDatabase()
  server = await httpServer(ground.db, { clock: () => now })
  inboxId = await readableInbox(ground.db)
  agent = await signedIn(server, { name: 'Ana Silva', role: 'admin', inboxes: [inboxId] })
})
afterAll(async () => {
  await server.close()
  await ground.close()
})

const run = (sql: string, values: unknown[] = []) => ground.db.pool.query(sql, values)
const who = () => ({ agentId: agent.id, inboxIds: [inboxId], teamIds: [], seesOrphans: true })

/** A case with a question and an answer, and its page. */
async function made(thread: Parameters<typeof createThread>[1] = {}) {
  const threadId = await createThread(ground.db.pool, { inboxId, ...thread })
  const one = await createConversation(ground.db.pool, { threadId, subject: 'Internal: looks like fraud' })
  await createMessage(ground.db.pool, one, { text: 'Where is <b>my</b> deposit?' })
  await createMessage(ground.db.pool, one, { direction: 'out', text: 'We **look** into it.', agentId: agent.id })
  return one
}
const linkTo = async ({ id }: Pick<MadeConversation, 'id'>): Promise<{ id: string; path: string }> => {
  const answer = await agent.call(`POST /conversations/${id}/progress-links`)
  expect(answer.status).toBe(201)
  return { id: answer.body.id, path: new URL(answer.body.url).pathname }
}
const open = (path: string, headers: Record<string, string> = {}) => server.call(`GET /${path}`, undefined, headers)
const statusOf = async (path: string) => (await open(path)).status

async function attach(one: MadeConversation, text: string): Promise<string> {
  const messageId = await createMessage(ground.db.pool, one, { text })
  const stream = Readable.from([Buffer.from(`bytes of ${text}`)])
  const { id } = await server.deps.files.store({ stream, name: 'proof.txt', owner: 'contact', maxBytes: 1_000 })
  const { rows } = await run(
    `insert into attachment (message_id, ordinal, name, type, size, inline, file_id, state)
      values ($1, 0, 'proof.txt', 'text/plain', 5, false, $2, 'stored') returning id`,
    [messageId, id],
  )
  return rows[0].id
}
const filePathsIn = (html: string) =>
  [...html.matchAll(/href="(\/t\/[^"]+\/files\/[^"]+)"/g)].map(([, path = '']) => path.replaceAll('&#38;', '&'))

describe('the progress page', () => {
  it('shows number, state and what was said, and neither notes nor names that customers do not know', async () => {
    const one = await made()
    await createMessage(ground.db.pool, one, { direction: 'note', text: 'Secret note about risk' })
    await run(`update agent set public_name = 'Ana' where id = $1`, [agent.id])
    const { path } = await linkTo(one)
    const { status, text, headers } = await open(path)
    expect(status).toBe(200)
    const { rows } = await run('select number from conversation where id = $1', [one.id])
    expect(text).toContain(`<h1>Request #${rows[0].number}</h1>`)
    expect(text).toContain('Where is &#60;b&#62;my&#60;/b&#62; deposit?')
    expect(text).toContain('We <strong>look</strong> into it.')
    expect(text).toContain('<b>Ana</b>')
    for (const hidden of ['Secret note', 'Silva', 'fraud', '<script', 'onclick', '<form'])
      expect(text).not.toContain(hidden)
    expect(headers.get('x-robots-tag')).toContain('noindex')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('set-cookie')).toBeNull()
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
  })

  it.each([
    ['zh-CN,zh;q=0.9', 'zh', '等待我们回复'],
    ['ja', 'ja', 'お返事をお待ちいただいています'],
    ['ko-KR', 'ko', '답변을 기다리는 중'],
    ['fr, ru;q=0.8, en;q=0.5', 'ru', 'Ждёт нашего ответа'],
    ['fr', 'en', 'Waiting for our answer'],
  ])('speaks what the reader speaks: %s', async (accepted, language, words) => {
    const { path } = await linkTo(await made())
    const { text } = await open(path, { 'accept-language': accepted })
    expect(text).toContain(`<html lang="${language}">`)
    expect(text).toContain(words)
  })

  it('speaks the language of the case where the browser says nothing', async () => {
    const one = await made()
    await run(`update conversation set language = 'ja' where id = $1`, [one.id])
    const { path } = await linkTo(one)
    expect((await open(path, { 'accept-language': 'fr' })).text).toContain('<html lang="ja">')
  })

  it('says of a team that customers know nothing of only that we look into it', async () => {
    const one = await made()
    const { rows } = await run(`insert into team (name) values ('Risk and fraud') returning id`)
    await run(
      `update conversation set team_id = $2, assignee_id = $3, holder = 'agent', due_at = now() + interval '1 day',
      due_kind = 'firstResponse' where id = $1`,
      [one.id, rows[0].id, agent.id],
    )
    const { path } = await linkTo(one)
    const { text } = await open(path)
    expect(text).toContain('We are looking into it')
    for (const hidden of ['Risk', 'has it', 'With:', 'by ']) expect(text.split('<h2>')[0]).not.toContain(hidden)
    await run(`update team set customer_sees = 'a specialist' where id = $1`, [rows[0].id])
    const seen = (await open(path)).text
    expect(seen).toContain('(a specialist) has it')
    expect(seen).toContain('We mean to answer by <time')
  })

  it('leads to files by short-lived addresses that die with the page', async () => {
    const one = await made()
    await attach(one, 'receipt')
    const link = await linkTo(one)
    const [file = ''] = filePathsIn((await open(link.path)).text)
    const got = await open(file)
    expect([got.status, got.text]).toEqual([200, 'bytes of receipt'])
    expect(got.headers.get('content-disposition')).toMatch(/^attachment/)
    expect(got.headers.get('content-security-policy')).toContain('sandbox')
    const before = now
    now = new Date(before.getTime() + 3 * 3_600_000)
    expect(await statusOf(file)).toBe(404)
    now = before
    expect(await statusOf(file)).toBe(200)
    expect((await agent.call(`DELETE /progress-links/${link.id}`)).status).toBe(204)
    expect(await statusOf(file)).toBe(404)
  })
})

describe('nobody sees', () => {
  it('a page by guessing, and every refusal looks the same', async () => {
    const one = await made()
    const { id, path } = await linkTo(one)
    await agent.call(`DELETE /progress-links/${id}`)
    const refused = await open(path)
    expect(refused.status).toBe(404)
    const guesses = ['x', id, 'A'.repeat(22), `${path.slice(3)}x`, '..%2f..%2fetc', "'or'1'='1", '%00']
    for (const guess of guesses) {
      const answer = await open(`/t/${guess}`)
      expect([guess, answer.status]).toEqual([guess, 404])
    }
    expect((await open(`/t/${'A'.repeat(22)}`)).text).toBe(refused.text)
    const { rows } = await run('select encode(token_hash, $1) as hash from progress_link where id = $2', ['base64', id])
    expect(rows[0].hash).not.toContain(path.slice(3))
  })

  it('a file of another case, of a note, or of a message that was taken back', async () => {
    const one = await made()
    const own = await attach(one, 'mine')
    const other = await made()
    const foreign = await attach(other, 'foreign')
    const note = await attach(one, 'note')
    await run(`update message set direction = 'note' where id = (select message_id from attachment where id = $1)`, [
      note,
    ])
    const { path } = await linkTo(one)
    const [file = '', ...more] = filePathsIn((await open(path)).text)
    expect(more).toEqual([])
    expect(file).toContain(`/files/${own}?`)
    expect(await statusOf(file.replace(`/files/${own}?`, `/files/${foreign}?`))).toBe(404)
    const theirs = await linkTo(other)
    const [foreignFile = ''] = filePathsIn((await open(theirs.path)).text)
    expect(await statusOf(foreignFile)).toBe(200)
    // With the permission for it, but under another page's address.
    expect(await statusOf(foreignFile.replace(theirs.path, path))).toBe(404)
    await run(`update message set deleted_at = now() where id = (select message_id from attachment where id = $1)`, [
      own,
    ])
    expect(await statusOf(file)).toBe(404)
    const gone = (await open(path)).text
    expect(gone).toContain('This message was deleted.')
    expect(gone).not.toContain('mine')
  })

  it('what was said in another place of a case that theirs was joined to', async () => {
    const kept = await made()
    await createMessage(ground.db.pool, kept, { text: 'What the other one wrote' })
    const claiming = await made()
    await createMessage(ground.db.pool, claiming, { text: 'I say that this is mine' })
    await run('update conversation set claims_conversation_id = $2 where id = $1', [claiming.id, kept.id])
    const { id, path } = await linkTo(claiming)
    const wish = { conversationId: claiming.id, into: kept.id, who: who(), actor: 'agent:1', now }
    expect((await mergeConversations(ground.db, wish)).kind).toBe('merged')
    const { text } = await open(path)
    expect(text).toContain('I say that this is mine')
    expect(text).not.toContain('What the other one wrote')
    const listed = await agent.call(`GET /conversations/${kept.id}/progress-links`)
    expect(listed.body.items.map((item: { id: string }) => item.id)).toEqual([id])
  })

  it('what became a case of its own, or a later case in the same place', async () => {
    const one = await made()
    const first = await createMessage(ground.db.pool, one, { text: 'Quite another matter' })
    const { path } = await linkTo(one)
    const thread = { key: `split-${one.id}`, kind: 'chat', audience: 'private' as const, place: `split-${one.id}` }
    const split = { conversationId: one.id, fromMessageId: first, who: who(), actor: 'agent:1', thread }
    expect((await splitConversation(ground.db, split)).kind).toBe('split')
    expect((await open(path)).text).not.toContain('Quite another matter')
    await run(`update conversation set status = 'resolved', resolved_at = now() where id = $1`, [one.id])
    const later = await createConversation(ground.db.pool, { threadId: one.threadId, identityId: one.identityId })
    await createMessage(ground.db.pool, later, { text: 'Months later' })
    const { text } = await open(path)
    expect(text).toContain('Closed')
    expect(text).not.toContain('Months later')
  })

  it('anything of who was erased', async () => {
    const one = await made()
    const { path } = await linkTo(one)
    const { rows } = await run('select contact_id from identity where id = $1', [one.identityId])
    expect(await statusOf(path)).toBe(200)
    await eraseContact(ground.db, rows[0].contact_id, 'agent:1')
    expect(await statusOf(path)).toBe(404)
    expect((await agent.call(`POST /conversations/${one.id}/progress-links`)).status).toBe(409)
  })

  it('a case that is over for longer than the inbox says, or where the inbox has no such pages', async () => {
    const one = await made()
    const { path } = await linkTo(one)
    await run(`update conversation set status = 'resolved', resolved_at = $2 where id = $1`, [one.id, now])
    const before = now
    now = new Date(before.getTime() + 29 * 86_400_000)
    expect(await statusOf(path)).toBe(200)
    now = new Date(before.getTime() + 31 * 86_400_000)
    expect(await statusOf(path)).toBe(404)
    await run(`update inbox set customer = '{"progressDays": 60}' where id = $1`, [inboxId])
    expect(await statusOf(path)).toBe(200)
    now = before
    await run(`update inbox set customer = '{"progressDays": null}' where id = $1`, [inboxId])
    expect(await statusOf(path)).toBe(404)
    expect((await agent.call(`POST /conversations/${one.id}/progress-links`)).status).toBe(409)
    await run(`update inbox set customer = '{}' where id = $1`, [inboxId])
    expect(await statusOf(path)).toBe(200)
  })

  it('a case that others read along, and no colleague makes or ends a page of what they do not see', async () => {
    const shared = await made({ audience: 'shared', kind: 'group' })
    expect((await agent.call(`POST /conversations/${shared.id}/progress-links`)).status).toBe(409)
    const one = await made()
    const { id, path } = await linkTo(one)
    await run(`update thread set audience = 'shared' where id = $1`, [one.threadId])
    expect(await statusOf(path)).toBe(404)
    await run(`update thread set audience = 'private' where id = $1`, [one.threadId])
    const stranger = await signedIn(server)
    await createAgent(ground.db.pool)
    expect((await stranger.call(`GET /conversations/${one.id}/progress-links`)).status).toBe(404)
    expect((await stranger.call(`POST /conversations/${one.id}/progress-links`)).status).toBe(404)
    expect((await stranger.call(`DELETE /progress-links/${id}`)).status).toBe(404)
    expect(await statusOf(path)).toBe(200)
  })

  it('what we asked somebody else by letter in the same place, nor what never left', async () => {
    const one = await made()
    const letter = (from: string, to: string) =>
      JSON.stringify({ from: { name: '', address: from }, to: [{ name: '', address: to }], cc: [], bcc: [] })
    const add = async (text: string, direction: 'in' | 'out', from: string, to: string) => {
      const id = await createMessage(ground.db.pool, one, { text, direction })
      await run('update message set letter = $2 where id = $1', [id, letter(from, to)])
      return id
    }
    await add('From the customer', 'in', 'Li@example.org', 'desk@example.net')
    await add('To the customer', 'out', '', 'li@EXAMPLE.org')
    await add('To the bank', 'out', '', 'bank@example.com')
    const bank = await add('From the bank', 'in', 'bank@example.com', 'desk@example.net')
    const { rows } = await run(
      `insert into identity (contact_id, channel, key, name) select contact_id, 'loop', 'bank-' || id, 'Bank' from identity
        where id = $1 returning id`,
      [one.identityId],
    )
    await run('update message set sender_identity_id = $2 where id = $1', [bank, rows[0].id])
    const held = await createMessage(ground.db.pool, one, { text: 'Never left', direction: 'out' })
    await run(
      `insert into delivery (inbox_id, thread_id, place, conversation_id, message_id, part, payload, idempotency_key, priority, state)
        values ($1, $2, 'p', $3, $4, 0, '{}', $5, 0, 'cancelled')`,
      [inboxId, one.threadId, one.id, held, `key-${held}`],
    )
    const { path, id } = await linkTo(one)
    await run('update progress_link set identity_id = $2 where id = $1', [id, one.identityId])
    const { text } = await open(path)
    expect(text).toContain('From the customer')
    expect(text).toContain('To the customer')
    for (const hidden of ['To the bank', 'From the bank', 'Never left']) expect(text).not.toContain(hidden)
  })
})
