import { expect, it } from 'vitest'
import { createViewers } from '../../../src/realtime/viewers.ts'

const ada = { id: '1', name: 'Ada' }
const bo = { id: '2', name: 'Bo' }

function ground() {
  const now = { ms: 0 }
  const viewers = createViewers(25_000, () => now.ms)
  const say = (socket: string, agent: typeof ada, n: number, conversationId = '7', on = true) =>
    viewers.saw({ type: 'viewing', socket, agent, n, on, conversationId })
  return { now, viewers, say }
}

it('counts two pages of one person once, and leaves the person out for itself', () => {
  const { viewers, say } = ground()
  say('a', ada, 1)
  say('b', ada, 1)
  say('c', bo, 1)
  expect(viewers.of('7', null)).toEqual([ada, bo])
  expect(viewers.of('7', '1')).toEqual([bo])
  say('a', ada, 2, '7', false)
  expect(viewers.of('7', null)).toEqual([ada, bo])
  say('b', ada, 2, '7', false)
  expect(viewers.of('7', null)).toEqual([bo])
})

it('a word that was overtaken changes nothing', () => {
  const { viewers, say } = ground()
  say('a', ada, 3, '7', false)
  expect(say('a', ada, 2)).toBe(false)
  expect(viewers.of('7', null)).toEqual([])
})

it('a word said again is no news, and keeps somebody there; silence ends it', () => {
  const { now, viewers, say } = ground()
  expect(say('a', ada, 1)).toBe(true)
  say('b', bo, 1)
  now.ms = 20_000
  expect(say('a', ada, 2)).toBe(false)
  now.ms = 30_000
  expect(viewers.expire()).toEqual(['7'])
  expect(viewers.of('7', null)).toEqual([ada])
  now.ms = 60_000
  viewers.expire()
  expect(viewers.of('7', null)).toEqual([])
})

it('opening another conversation ends the look at the first', () => {
  const { viewers, say } = ground()
  say('a', ada, 1)
  say('a', ada, 2, '8')
  expect(viewers.of('7', null)).toEqual([])
  expect(viewers.of('8', null)).toEqual([ada])
})
