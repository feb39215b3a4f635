import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { saveForm } from '../../src/store/form.ts'
import { createTopic } from '../../src/store/topic.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { depositFields, transactionId } from '../support/form-desk.ts'
import type { Loose } from '../support/http-server.ts'
import { type VisitorApp, visitorApp } from '../support/visitor-app.ts'

let base: TestDatabase
let app: VisitorApp
let root: string
let topicId: string
beforeAll(async () => {
  base = await testDatabase()
  app = await visitorApp(base)
  root = `${app.url}/widget/v1/${await app.inbox({ origins: ['https://shop.example'] })}`
  topicId = (await createTopic(base.db.pool, 'Deposits')).id
  const names = { en: 'A deposit is missing', zh: '充值未到账' }
  await saveForm(base.db.pool, { topicId, shown: true, position: 0, names, fields: depositFields })
})
afterAll(async () => {
  await app?.close()
  await base?.close()
})

async function call(method: string, path: string, wish: { token?: string; body?: unknown } = {}) {
  const response = await fetch(root + path, {
    method,
    headers: {
      ...(wish.token && { authorization: `Bearer ${wish.token}` }),
      ...(wish.body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(wish.body !== undefined && { body: JSON.stringify(wish.body) }),
  })
  return { status: response.status, body: (await response.json()) as Loose }
}
const visitor = async () => String((await call('POST', '/session', { body: {} })).body.visitorToken)
const filled = (answers: Record<string, string>, more: object = {}) => ({
  clientId: randomUUID(),
  topicId,
  answers,
  text: 'It has been two days.',
  ...more,
})

it('tells a page what is asked, in the language of the reader', async () => {
  const { body } = await call('GET', '/forms?locale=zh-CN')
  expect(body.items).toMatchObject([{ topicId, name: '充值未到账' }])
  expect(body.items[0].fields[0]).toMatchObject({ key: 'network', kind: 'choice', label: '哪个网络？', required: true })
  expect(body.items[0].fields[0].options).toEqual([
    { value: 'ethereum', label: 'Ethereum' },
    { value: 'other', label: '其他' },
  ])
})

it('makes one message with its answers of a form, however often it is sent', async () => {
  const token = await visitor()
  const body = filled({ network: 'ethereum', transaction: transactionId, which: 'not asked', nonsense: 'x' })
  const sent = await Promise.all([call('POST', '/form', { token, body }), call('POST', '/form', { token, body })])
  const again = await call('POST', '/form', { token, body })
  expect([...sent.map(({ status }) => status).sort(), again.status]).toEqual([200, 201, 200])
  const [{ message }] = [again.body]
  expect(message.text).toBe(
    `It has been two days.\n\nA deposit is missing\nWhich network?: Ethereum\nTransaction id: ${transactionId}`,
  )
  const { rows } = await base.db.pool.query(
    `select a.key, a.value, c.priority, c.topic_id as topic, c.bot_off as "forPeople"
      from conversation c join message m on m.conversation_id = c.id left join conversation_answer a on a.conversation_id = c.id
      where m.client_id = $1 order by a.position`,
    [body.clientId],
  )
  const about = { priority: 3, topic: topicId, forPeople: true }
  expect(rows).toEqual([
    { key: 'network', value: 'ethereum', ...about },
    { key: 'transaction', value: transactionId, ...about },
  ])
})

it('says of every wrong answer at once what is wrong, in the visitor’s language, and keeps nothing', async () => {
  const token = await visitor()
  const phrase = 'legal winner thank year wave sausage worth useful legal winner thank yellow'
  const body = filled({ network: 'other', which: phrase, transaction: 'abc', amount: 'ten' }, { language: 'zh' })
  const { status, body: told } = await call('POST', '/form', { token, body })
  expect(status).toBe(422)
  expect(told.error.details.map(({ field, code }: Loose) => [field, code])).toEqual([
    ['which', 'secret'],
    ['transaction', 'format'],
    ['amount', 'number'],
  ])
  expect(told.error.details[2].message).toBe('请填写数字。')
  const { rows } = await base.db.pool.query(`select from message where client_id = $1`, [body.clientId])
  expect(rows).toEqual([])
  expect(app.log.join()).not.toContain('sausage')
})

it('does not know a form that is not shown, nor a file of somebody else', async () => {
  const token = await visitor()
  const hidden = (await createTopic(base.db.pool, 'Hidden')).id
  await saveForm(base.db.pool, { topicId: hidden, shown: false, position: 0, names: {}, fields: [] })
  expect((await call('POST', '/form', { token, body: filled({}, { topicId: hidden }) })).status).toBe(404)
  const answers = { network: 'ethereum', transaction: transactionId }
  const foreign = await app.upload('passport.png', Buffer.from('x'))
  expect((await call('POST', '/form', { token, body: filled(answers, { attachments: [foreign] }) })).status).toBe(422)
  expect((await call('POST', '/form', { body: filled(answers) })).status).toBe(401)
})
