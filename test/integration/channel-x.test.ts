import { randomUUID } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { testDatabase } from '../support/database.ts'
import type { Loose } from '../support/http-server.ts'
import { xFaults } from '../support/stand-ins/x/faults.ts'
import { ada, grace } from '../support/stand-ins/x/state.ts'
import { secretsOf } from '../support/stand-ins/x/subject.ts'
import { type XDesk, xDesk } from '../support/x-desk.ts'

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const patience = { timeout: 10_000 }

interface Desk extends XDesk {
  messages(conversation: string): Promise<Loose[]>
  /** The conversation in which this was said; empty: none yet. */
  conversationOf(text: string): Promise<string>
}

async function openDesk(auth: 'oauth1' | 'oauth2' = 'oauth1'): Promise<Desk> {
  const database = await testDatabase()
  const desk = await xDesk(database, { auth })
  onTestFinished(async () => {
    await desk.close()
    await database.close()
  })
  const messages = async (id: string) => (await desk.call(`GET /conversations/${id}/messages`)).body.items as Loose[]
  const conversationOf = async (text: string) => {
    const { body } = await desk.call('GET /conversations')
    for (const { id } of body.items as { id: string }[]) {
      if ((await messages(id)).some((one) => one.text.includes(text))) return id
    }
    return ''
  }
  return Object.assign(desk, { messages, conversationOf })
}

async function seen(desk: Desk, text: string): Promise<string> {
  await expect.poll(() => desk.conversationOf(text), patience).not.toBe('')
  return desk.conversationOf(text)
}

async function upload(desk: Desk, name: string, bytes: Buffer): Promise<string> {
  const form = new FormData()
  form.set('file', new Blob([new Uint8Array(bytes)], { type: 'image/png' }), name)
  const { body, status, text } = await desk.call('POST /files', form)
  expect(status, text).toBe(201)
  return String(body.id ?? body.file?.id)
}

async function answer(desk: Desk, conversation: string, more: Record<string, unknown>): Promise<Loose> {
  const made = await desk.call(`POST /conversations/${conversation}/messages`, {
    kind: 'reply',
    clientId: randomUUID(),
    ...more,
  })
  return { status: made.status, ...made.body }
}

test('a customer writes text, a picture and a reply in direct messages; the answer with bold text and a file arrives as X shows it', async () => {
  const desk = await openDesk()
  await desk.x.dm('Where is my order?')
  await desk.x.dm('this one', { media: [desk.x.picture(png, 'image/png')] })
  const id = await seen(desk, 'this one')
  expect(await desk.conversationOf('Where is my order?')).toBe(id)
  const { body } = await desk.call(`GET /conversations/${id}`)
  const conversation = body.conversation ?? body
  expect(conversation).toMatchObject({ audience: 'private', contact: { name: 'Ada' } })
  await expect.poll(async () => (await desk.messages(id)).flatMap((one) => one.attachments).length, patience).toBe(1)

  const file = await upload(desk, 'map.png', png)
  const made = await answer(desk, id, { text: '**Tomorrow**, see the map', attachments: [file] })
  expect(made.status).toBe(201)
  await expect
    .poll(() => desk.x.state.dms.filter(({ sender }) => sender === desk.x.state.me.id).length, patience)
    .toBe(1)
  const sent = desk.x.state.dms.at(-1)
  expect(sent).toMatchObject({ text: 'Tomorrow, see the map', media: [{ type: 'photo', contentType: 'image/png' }] })
  expect(sent?.media[0]?.bytes.equals(png)).toBe(true)
  // Its echo comes back and is the same message.
  await desk.x.dm('thank you')
  await expect.poll(async () => (await desk.messages(id)).at(-1)?.text, patience).toBe('thank you')
  const all = await desk.messages(id)
  expect(all.map(({ direction }) => direction)).toEqual(['in', 'in', 'out', 'in'])
  expect(all[2]?.deliveries).toMatchObject([{ state: 'sent' }])
})

test('a mention is answered in public, in 280 characters a part, and an edit comes as a version; written in X itself is seen', async () => {
  const desk = await openDesk()
  const { x } = desk
  const root = await x.post(`@${x.state.me.username} my order 17 is late`)
  await x.post(`@${x.state.me.username} mine too`, { from: grace, replyTo: root.id })
  const id = await seen(desk, 'order 17')
  expect(await seen(desk, 'mine too')).not.toBe(id)
  const { body } = await desk.call(`GET /conversations/${id}`)
  expect((body.conversation ?? body).audience).toBe('public')
  const text = 'We are looking into it right now. '.repeat(12)
  const preview = await desk.call(`POST /conversations/${id}/preview`, { kind: 'reply', text })
  expect(preview.body.unit).toBe('weighted')
  expect(preview.body.parts.length).toBe(2)
  await answer(desk, id, { text })
  await expect.poll(() => x.state.posts.filter(({ author }) => author === x.state.me.id).length, patience).toBe(2)
  expect(x.state.posts.slice(-2).map(({ replyTo, text: words }) => [replyTo, /\((\d)\/2\)$/.exec(words)?.[1]])).toEqual(
    [
      [root.id, '1'],
      [root.id, '2'],
    ],
  )
  await x.editPost(root.id, `@${x.state.me.username} my order 18 is late`)
  await expect.poll(async () => (await desk.messages(id))[0]?.text, patience).toContain('order 18')
  expect((await desk.messages(id))[0]?.editedAt).toEqual(expect.any(String))
  await x.dm('I write here now')
  const dm = await seen(desk, 'I write here now')
  await x.dmFromApp('from my telephone')
  await expect
    .poll(async () => (await desk.messages(dm)).map(({ direction }) => direction), patience)
    .toEqual(['in', 'out'])
  const people = await Promise.all([id, dm].map(async (one) => (await desk.call(`GET /conversations/${one}`)).body))
  // The same account is the same contact, in public and in private.
  expect(new Set(people.map((one) => (one.conversation ?? one).contact.id)).size).toBe(1)
})

test('after downtime everything X still has is there, in order, once', async () => {
  const desk = await openDesk()
  await desk.x.dm('first')
  const id = await seen(desk, 'first')
  await desk.stop()
  const wanted = Array.from({ length: 130 }, (_, index) => `while away ${index + 1}`)
  for (const text of wanted) await desk.x.dm(text)
  await desk.x.dm('somebody else', { from: grace })
  await desk.start()
  await seen(desk, 'somebody else')
  const texts: string[] = []
  for (let before = ''; ; ) {
    const { body } = await desk.call(`GET /conversations/${id}/messages?limit=100${before}`)
    texts.unshift(...(body.items as Loose[]).map((one) => one.text as string))
    if (body.next === null) break
    before = `&before=${body.next}`
  }
  expect(texts).toEqual(['first', ...wanted])
  expect(desk.log.join('\n')).not.toContain('while away')
})

test('a lost answer is settled by what X shows of the conversation, and nothing is sent twice', async () => {
  const desk = await openDesk()
  await desk.x.dm('hello')
  const id = await seen(desk, 'hello')
  desk.x.fail(xFaults.lostAnswer)
  await answer(desk, id, { text: 'our only answer' })
  await expect
    .poll(async () => (await desk.messages(id)).at(-1)?.deliveries?.[0]?.state, { timeout: 20_000 })
    .toBe('sent')
  expect(desk.x.state.dms.filter(({ text }) => text === 'our only answer').length).toBe(1)
  expect((await desk.messages(id)).length).toBe(2)
}, 30_000)

test('refresh tokens of OAuth 2 are kept over a restart, and no secret is logged', async () => {
  const desk = await openDesk('oauth2')
  await desk.x.dm('hello')
  const id = await seen(desk, 'hello')
  await desk.stop()
  await desk.start()
  await answer(desk, id, { text: 'still here' })
  await expect.poll(() => desk.x.state.dms.at(-1)?.text, patience).toBe('still here')
  const lines = desk.log.join('\n')
  for (const secret of secretsOf(desk.x)) expect(lines.includes(secret)).toBe(false)
  expect(lines).not.toContain(ada.name)
})
