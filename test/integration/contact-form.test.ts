import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeLetter } from '../../src/delivery/write-letter.ts'
import { createToken } from '../../src/store/token.ts'
import { type ContinuedChat, continuedChat } from '../support/continued-chat.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'

let database: TestDatabase
let chat: ContinuedChat
let topic: string
let token: string
beforeAll(async () => {
  database = await testDatabase()
  chat = await continuedChat(database)
  token = (await createToken(database.db.pool, { name: 'test', scopes: ['read', 'write', 'admin'], agentId: null }))
    .secret
  topic = (await api('POST', '/topics', { name: 'Deposits' })).id
  await api('PUT', `/topics/${topic}/form`, { shown: true, position: 1, names: { en: 'A deposit' }, fields })
  await writesTo(chat.mailId)
})
afterAll(async () => {
  await chat?.close()
  await database?.close()
})

const choice = (value: string, label: string, priority?: number) => ({
  value,
  labels: { en: label },
  ...(priority && { priority }),
})
const fields = [
  {
    key: 'impact',
    kind: 'choice',
    labels: { en: 'How bad is it?' },
    required: true,
    options: [choice('blocked', 'I cannot trade', 4), choice('question', 'A question')],
  },
  {
    key: 'network',
    kind: 'choice',
    labels: { en: 'Network' },
    required: false,
    options: [choice('tron', 'TRON'), choice('other', 'Another')],
  },
  {
    key: 'which',
    kind: 'text',
    labels: { en: 'Which one?' },
    required: true,
    when: { field: 'network', is: ['other'] },
  },
  { key: 'txid', kind: 'transactionId', labels: { en: 'Transaction ID' }, required: false, format: 'tron' },
]
const txid = 'ab'.repeat(32)
let guests = 0
const guest = () => `writer${++guests}@customer.test`
const all = async (sql: string, ...values: unknown[]) => (await database.db.pool.query(sql, values)).rows

async function api(method: string, path: string, body?: unknown) {
  const response = await fetch(`${chat.app.url}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${response.status} ${text}`)
  return text ? JSON.parse(text) : null
}

async function writesTo(contactInboxId: string | null) {
  await api('PUT', '/help-settings', { ...(await api('GET', '/help-settings')), contactInboxId })
}

type Files = readonly { readonly name: string; readonly bytes: string | Buffer }[]
async function post(given: Record<string, string>, files: Files = []) {
  const form = new FormData()
  const usual = {
    token: randomBytes(16).toString('base64url'),
    topic,
    'answer-impact': 'question',
    name: 'Ana',
    message: 'Where is it?',
  }
  for (const [name, value] of Object.entries({ ...usual, ...given })) form.append(name, value)
  if (files.length === 0) form.append('files', new Blob([]), '')
  for (const { name, bytes } of files) form.append('files', new Blob([bytes as never]), name)
  const response = await fetch(`${chat.app.url}/help/en/contact`, { method: 'POST', body: form })
  return { status: response.status, text: await response.text() }
}

async function page(path: string) {
  const response = await fetch(`${chat.app.url}${path}`)
  return { status: response.status, text: await response.text() }
}

const numberIn = (text: string) => /#(\d+)/.exec(text)?.[1] ?? ''
const cases = (address: string) =>
  all(
    `select c.id, c.number, c.priority, c.topic_id as topic, c.subject, c.thread_id as thread from conversation c
      join identity n on n.id = c.opener_identity_id where n.key = $1 order by c.id`,
    address,
  )

test('what is chosen first and what is asked then are pages without scripts', async () => {
  const topics = await page('/help/en/contact')
  expect(topics.text).toContain(`/help/en/contact?topic=${topic}">A deposit</a>`)
  const form = await page(`/help/en/contact?topic=${topic}`)
  expect(form.text).toContain('enctype="multipart/form-data"')
  expect(form.text).toContain('Only if “Network” is “Another”:')
  expect(form.text).not.toContain('data-required required')
  expect(topics.text).toContain('<a class="write" href="/help/en/contact">Contact us</a>')
})

test('a form is one ticket with its answers, files and priority, however often it is sent', async () => {
  const email = guest()
  const given = {
    email,
    'answer-impact': 'blocked',
    'answer-txid': `https://tronscan.org/#/transaction/${txid}`,
    token: randomBytes(16).toString('base64url'),
  }
  const files = [{ name: 'proof.txt', bytes: 'paid' }]
  const answers = await Promise.all([post(given, files), post(given, files), post(given, files)])
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
  const [row, ...more] = await cases(email)
  expect(more).toEqual([])
  expect(row).toMatchObject({ priority: 4, topic, subject: 'A deposit' })
  expect(new Set(answers.map(({ text }) => numberIn(text)))).toEqual(new Set([row.number]))
  const detail = await api('GET', `/conversations/${row.id}`)
  expect(detail.answers).toMatchObject([
    { key: 'impact', label: 'How bad is it?', value: 'blocked', valueLabels: { en: 'I cannot trade' } },
    { key: 'txid', value: txid, kind: 'transactionId' },
  ])
  const { items } = await api('GET', `/conversations/${row.id}/messages`)
  expect(items[0]).toMatchObject({ text: 'Where is it?', attachments: [{ name: 'proof.txt', size: 4 }] })
  const found = await api('GET', `/conversations?answer=${txid.slice(0, 12).toUpperCase()}`)
  expect(found.items.map(({ id }: { id: string }) => id)).toEqual([row.id])
  expect((await api('GET', '/conversations?answer=bb')).items).toEqual([])
})

test('the ticket goes on by mail, and a program sends no words of the writer to an address that nobody confirmed', async () => {
  const email = guest()
  await post({ email, name: 'BUY NOW', message: 'visit evil.example' })
  const [row] = await cases(email)
  const [asked] = await all('select id, letter from message where conversation_id = $1', row.id)
  expect(asked.letter).toMatchObject({ unconfirmed: true, from: { address: email } })
  const way = { threadId: row.thread, replyTo: null } as never
  const input = { conversationId: row.id, text: 'x' }
  const program = await writeLetter(database.db.pool, { ...input, author: { type: 'bot' } } as never, way)
  expect(JSON.stringify(program)).not.toMatch(/evil|BUY/)
  expect(program).toMatchObject({ to: [{ name: '', address: email }], subject: 'Re: A deposit' })
  await chat.app.answer(asked.id, 'It is on its way.')
  const mail = await eventually(
    async () => (await chat.mailsTo(email)).find(({ text }) => text?.includes('on its way')) ?? false,
  )
  expect(mail.text).toContain('> visit evil.example')
  await chat.answerByMail(mail, email, 'Thank you!')
  await eventually(
    async () =>
      (await all(`select 1 from message where conversation_id = $1 and text = 'Thank you!'`, row.id)).length === 1,
  )
})

test('what is wrong is said beside its field, what was typed stays, and nothing is stored', async () => {
  const email = guest()
  const wrong = await post({
    email,
    'answer-impact': '',
    'answer-network': 'other',
    'answer-txid': 'oops<b>',
    message: 'Kept & shown',
  })
  expect(wrong.status).toBe(422)
  for (const id of ['answer-impact', 'answer-which', 'answer-txid']) expect(wrong.text).toContain(`id="${id}-problem"`)
  expect(wrong.text).toContain('value="oops&#60;b&#62;"')
  expect(wrong.text).toContain('Kept &#38; shown</textarea>')
  expect(wrong.text).toContain('<option value="other" selected>')
  expect((await post({ email: 'nobody', message: '' })).text).toMatch(/email-problem.*message-problem/s)
  expect(await cases(email)).toEqual([])
})

test('a secret phrase is refused wherever it is typed, and stored nowhere', async () => {
  const phrase = 'legal winner thank year wave sausage worth useful legal winner thank yellow'
  const email = guest()
  const inAnswer = await post({ email, 'answer-network': 'other', 'answer-which': phrase })
  const inMessage = await post({ email, message: `here it is: ${phrase}` })
  expect([inAnswer.status, inMessage.status]).toEqual([422, 422])
  expect(inMessage.text).toContain('Do not send it to anybody')
  expect(await cases(email)).toEqual([])
})

test('answers to what is not asked, or is nothing of the form, are left out', async () => {
  const email = guest()
  await post({ email, 'answer-which': 'hidden', 'answer-made-up': 'x' })
  const [row] = await cases(email)
  expect((await api('GET', `/conversations/${row.id}`)).answers.map(({ key }: { key: string }) => key)).toEqual([
    'impact',
  ])
})

test('programs that fill in what nobody sees, and too many for one address, make no tickets', async () => {
  const bot = guest()
  expect((await post({ email: bot, website: 'https://spam.example' })).status).toBe(200)
  expect(await cases(bot)).toEqual([])
  const email = guest()
  const statuses = []
  for (let n = 0; n < 7; n++) statuses.push((await post({ email: email.replace('@', `+${n}@`) })).status)
  expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429])
})

test('files that are too many are refused with what was typed', async () => {
  const files = Array.from({ length: 6 }, (_, n) => ({ name: `${n}.txt`, bytes: 'x' }))
  const refused = await post({ email: guest(), message: 'With files' }, files)
  expect(refused.status).toBe(422)
  expect(refused.text).toContain('id="files-problem"')
  expect((await post({ email: guest() }, [{ name: 'big.bin', bytes: Buffer.alloc(21_000_000) }])).status).toBe(422)
})

test('a page of another website cannot send the form for its visitors', async () => {
  const form = new FormData()
  form.append('topic', topic)
  const headers = { origin: 'https://elsewhere.example' }
  expect((await fetch(`${chat.app.url}/help/en/contact`, { method: 'POST', body: form, headers })).status).toBe(403)
})

test('where it writes to a website chat there is a page to follow it, and the address is asked for by mail without their words', async () => {
  await writesTo(chat.chatId)
  const email = guest()
  const given = { email, message: 'Through the page', token: randomBytes(16).toString('base64url') }
  const [sent, again] = await Promise.all([post(given), post(given)])
  expect(again.text).toBe(sent.text)
  const path = /href="(\/t\/[\w-]{22})"/.exec(sent.text)?.[1] ?? ''
  expect((await page(path)).text).toContain('Through the page')
  const [mail] = await eventually(async () => {
    const mails = await chat.mailsTo(email)
    return mails.length > 0 && mails
  })
  expect(mail?.text).toContain('/widget/confirm/')
  expect(mail?.text).not.toContain('Through the page')
  expect(await all(`select 1 from message where text = 'Through the page'`)).toHaveLength(1)
})

test('without an inbox there is no page and no link, and one that cannot answer is refused', async () => {
  await writesTo(null)
  expect((await page('/help/en/contact')).status).toBe(404)
  expect((await page('/help/en')).text).not.toContain('/contact')
  await expect(writesTo('999999')).rejects.toThrow('400')
  await writesTo(chat.mailId)
})

test('a form that asks for a secret, or hangs on what is not there, is not kept', async () => {
  const put = (field: Record<string, unknown>) =>
    api('PUT', `/topics/${topic}/form`, {
      shown: true,
      position: 1,
      names: {},
      fields: [{ key: 'a', kind: 'text', labels: { en: 'A' }, required: false, ...field }],
    })
  for (const field of [
    { labels: { en: 'A', zh: '助记词' } },
    { key: 'private-key' },
    { when: { field: 'b', is: ['x'] } },
    { kind: 'choice' },
  ]) {
    await expect(put(field)).rejects.toThrow('400')
  }
})
