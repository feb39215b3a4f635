import { afterAll, beforeAll, expect, test } from 'vitest'
import { createToken } from '../../src/store/token.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { createAgent } from '../support/factories.ts'
import { type Caller, callerOf } from '../support/http-server.ts'
import { newVisitor, type VisitorApp, visitorApp } from '../support/visitor-app.ts'

let database: TestDatabase
let app: VisitorApp
let inboxId: string
let boss: Caller
beforeAll(async () => {
  database = await testDatabase()
  app = await visitorApp(database)
  inboxId = await app.inbox()
  const agentId = await createAgent(database.db.pool, { role: 'admin' })
  const { secret } = await createToken(database.db.pool, { name: 'x', scopes: ['read', 'write', 'admin'], agentId })
  boss = callerOf(app.url, { authorization: `Bearer ${secret}` })
})
afterAll(async () => {
  await app?.close()
  await database?.close()
})

const made = async (path: string, body: object): Promise<string> => {
  const answer = await boss(`POST ${path}`, body)
  expect([answer.status, answer.body.error]).toEqual([201, undefined])
  return answer.body.id
}
const all = (...conditions: object[]) => ({ match: 'all', groups: [{ match: 'all', conditions }] })

test('the whole program: a message sets off a rule, its macro answers, a colleague’s change sets off another', async () => {
  const macroId = await made('/macros', { name: 'Hello', text: 'We have {{conversation.number}}.', visibleTo: 'all' })
  await made('/rules', {
    name: 'Deposits',
    event: { kind: 'message', which: 'first' },
    conditions: all({ field: 'text', pattern: 'deposit.*(missing|late)' }, { field: 'channel', in: ['widget'] }),
    actions: [
      { type: 'addTags', tags: ['deposit'] },
      { type: 'macro', macroId },
    ],
  })
  await made('/rules', {
    name: 'Urgent ones are noted',
    event: { kind: 'change', of: ['priority'] },
    conditions: all({ field: 'priority', in: ['urgent'] }),
    actions: [{ type: 'note', text: 'Somebody made this urgent.' }],
  })
  const visitor = await newVisitor(app, inboxId)
  await visitor.send('My deposit is late')
  const [conversation] = await eventually(async () => {
    const { body } = await boss('GET /conversations?tag=deposit')
    return body.items.length > 0 ? body.items : null
  })
  await eventually(async () => {
    const { items } = await visitor.list()
    expect(items.map(({ text }: { text: string }) => text)).toContain(`We have #${conversation.number}.`)
  })
  await boss(`PATCH /conversations/${conversation.id}`, { priority: 'urgent' })
  await eventually(async () => {
    const { body } = await boss(`GET /conversations/${conversation.id}/messages`)
    expect(body.items.map(({ text }: { text: string }) => text)).toContain('Somebody made this urgent.')
  })
  const { body } = await boss(`GET /conversations/${conversation.id}/rules`)
  expect(body.fired.map(({ name, event }: { name: string; event: string }) => [name, event])).toEqual([
    ['Urgent ones are noted', 'change'],
    ['Deposits', 'message'],
  ])
  expect((await visitor.list()).items.map(({ text }: { text: string }) => text)).not.toContain(
    'Somebody made this urgent.',
  )
})
