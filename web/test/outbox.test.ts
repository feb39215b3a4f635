import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Message, NewMessage } from '../../src/wire/message.ts'
import { type Api, ApiError } from '../src/data/api.ts'
import { createOutbox, type Outgoing } from '../src/data/outbox.ts'
import { message } from './samples.ts'

/** A server that answers as told and remembers what it was asked. */
function server(...answers: ((body: NewMessage) => Message)[]) {
  const asked: NewMessage[] = []
  const api: Api = {
    csrfToken: () => null,
    get: () => Promise.reject(new Error('not asked here')),
    send: async <T>(_method: string, _path: string, body?: unknown) => {
      asked.push(body as NewMessage)
      const answer = answers[asked.length - 1]
      if (!answer) throw new ApiError(0, 'offline', 'no answer')
      return { message: answer(body as NewMessage) } as T
    },
  }
  return { api, asked }
}
const stored = (body: NewMessage) => message(1, { text: body.text, clientId: body.clientId })
const refuse = (status: number, code: string, details?: unknown) => (): Message => {
  throw new ApiError(status, code, 'No.', details)
}
const entry = (text: string): Outgoing => ({
  clientId: crypto.randomUUID(),
  conversationId: '1',
  kind: 'reply',
  text,
  attachments: [],
  replyTo: null,
  basedOn: 3,
  at: '2026-11-03T12:00:00.000Z',
  state: 'sending',
})

let kept: Map<string, string>
beforeEach(() => {
  kept = new Map()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  })
  vi.stubGlobal('window', new EventTarget())
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('a message that got no answer goes again with the same id, in order', async () => {
  const { api, asked } = server(refuse(0, 'offline'), stored, stored)
  const sent: string[] = []
  const outbox = createOutbox(api, '7', (done) => sent.push(done.text))
  outbox.send(entry('first'))
  outbox.send(entry('second'))
  await vi.runAllTimersAsync()
  expect(sent).toEqual(['first', 'second'])
  expect(asked[1]?.clientId).toBe(asked[0]?.clientId)
  expect(outbox.pending.get()).toEqual([])
})

test('what had no answer survives a reload and goes out then', async () => {
  const first = createOutbox(server().api, '7', () => undefined)
  first.send(entry('kept'))
  await vi.advanceTimersByTimeAsync(0)
  first.stop()
  const { api, asked } = server(stored)
  const again = createOutbox(api, '7', () => undefined)
  await vi.runAllTimersAsync()
  expect(asked.map((body) => body.text)).toEqual(['kept'])
  expect(again.pending.get()).toEqual([])
  expect(kept.size).toBe(0)
})

test('another agent on the same computer never sends it', async () => {
  const first = createOutbox(server().api, '7', () => undefined)
  first.send(entry('mine'))
  await vi.advanceTimersByTimeAsync(0)
  first.stop()
  const other = server(stored)
  createOutbox(other.api, '8', () => undefined)
  await vi.runAllTimersAsync()
  expect(other.asked).toEqual([])
})

test('overtaken by a colleague it waits for the agent, and goes only when told to', async () => {
  const details = { version: 5, changes: [{ kind: 'reply', by: 'Li' }] }
  const { api, asked } = server(refuse(409, 'conflict', details), stored)
  const outbox = createOutbox(api, '7', () => undefined)
  const mine = entry('mine')
  outbox.send(mine)
  await vi.runAllTimersAsync()
  expect(outbox.pending.get()[0]).toMatchObject({ state: 'overtaken', details })
  expect(asked).toHaveLength(1)
  outbox.retry(mine.clientId, true)
  await vi.runAllTimersAsync()
  expect(asked[1]).toMatchObject({ clientId: mine.clientId, force: true })
  expect(outbox.pending.get()).toEqual([])
})

test('a refused message stays with its reason and holds up none after it', async () => {
  const { api } = server(refuse(422, 'rejected'), stored)
  const sent: string[] = []
  const outbox = createOutbox(api, '7', (done) => sent.push(done.text))
  outbox.send(entry('bad'))
  outbox.send(entry('good'))
  await vi.runAllTimersAsync()
  expect(sent).toEqual(['good'])
  expect(outbox.pending.get()).toMatchObject([{ text: 'bad', state: 'refused', error: 'No.' }])
})
