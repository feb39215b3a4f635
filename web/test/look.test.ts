import { QueryClient, QueryObserver } from '@tanstack/react-query'
import { expect, test } from 'vitest'
import { look } from '../src/data/look.ts'
import { takePresence } from '../src/data/presence.ts'
import { conversation } from './samples.ts'

/** A page that shows one thing; what it asks for is answered when the test says so, with what was true when it asked. */
function shown<T>(queryKey: readonly unknown[], truth: { now: T }) {
  const cache = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY, retry: false } } })
  const answers: (() => void)[] = []
  const queryFn = () => {
    const read = truth.now
    return new Promise<T>((answer) => answers.push(() => answer(read)))
  }
  const stop = new QueryObserver<T>(cache, { queryKey, queryFn }).subscribe(() => {})
  const settle = async (done: Promise<unknown>) => {
    const all = done.then(() => true)
    while (!(await Promise.race([all, new Promise((go) => setTimeout(go, 1))]))) answers.shift()?.()
  }
  return { cache, answers, stop, settle, held: () => cache.getQueryData<T>(queryKey) }
}
const nothing = { all: false, conversations: new Map<string, number>(), other: new Set<string>() }
const api = { csrfToken: () => null, get: () => Promise.reject(new Error()), send: () => Promise.reject(new Error()) }

test('what is being read for the first time when the socket opens is read again', async () => {
  const truth = { now: 'before' }
  const page = shown(['list', {}], truth)
  truth.now = 'after'
  await page.settle(look(api, page.cache, { ...nothing, all: true }))
  expect(page.held()).toBe('after')
  page.stop()
})

test('an own change, newer than what was said, does not keep the words off the screen', async () => {
  const truth = { now: ['Hello'] }
  const page = shown(['transcript', '1'], truth)
  page.answers.shift()?.()
  page.cache.setQueryData(['conversation', '1'], conversation({ version: 9 }))
  truth.now = ['Hello', 'Are you there?']
  await page.settle(look(api, page.cache, { ...nothing, conversations: new Map([['1', 8]]) }))
  expect(page.held()).toEqual(truth.now)
  page.stop()
})

test('a list of colleagues that was read before one of them came does not hide it', async () => {
  const truth = { now: [{ id: '7', presence: 'away' }] }
  const page = shown(['agents'], truth)
  truth.now = [{ id: '7', presence: 'online' }]
  let asked: Promise<unknown> = Promise.resolve()
  takePresence(page.cache, null, { type: 'presence', agentId: '7', availability: 'online' }, () => {
    asked = look(api, page.cache, { ...nothing, other: new Set(['agents']) })
  })
  await page.settle(asked)
  page.answers.shift()?.()
  await Promise.resolve()
  expect(page.held()).toEqual(truth.now)
  page.stop()
})
