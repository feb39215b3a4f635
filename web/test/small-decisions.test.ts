import type { TFunction } from 'i18next'
import { expect, test } from 'vitest'
import type { Delivery } from '../../src/wire/message.ts'
import { initials } from '../src/components/avatar.tsx'
import { inverse } from '../src/data/change.ts'
import { failedReason, progressOf, refusedOf } from '../src/data/delivery-words.ts'
import { createRefresher, type Wanted } from '../src/data/refresher.ts'
import { sayFailure, sayRefusal } from '../src/data/refusal-words.ts'
import { dayName, shortTime, snoozeChoices } from '../src/data/time.ts'
import { belongs, queryOf } from '../src/data/views.ts'
import { createKeyReader } from '../src/keys/key-reader.ts'
import { conversation } from './samples.ts'

const delivery = (id: string, state: Delivery['state'], more: Partial<Delivery> = {}): Delivery => ({
  id,
  part: 0,
  state,
  at: '2026-11-03T12:00:00.000Z',
  ...more,
})
const out = (...deliveries: Delivery[]) => progressOf({ direction: 'out', deliveries })

test('a message is as far as its least happy piece', () => {
  expect(out(delivery('1', 'read'), delivery('2', 'sent'))).toEqual({ kind: 'sent' })
  expect(out(delivery('1', 'sent'), delivery('2', 'pending'))).toEqual({ kind: 'sending' })
  expect(out(delivery('1', 'sent'), delivery('2', 'failed', { reason: 'blocked' }))).toMatchObject({
    kind: 'failed',
    reason: 'blocked',
    deliveryIds: ['2'],
  })
  expect(out(delivery('1', 'failed'), delivery('2', 'uncertain'))).toEqual({ kind: 'unconfirmed', deliveryIds: ['2'] })
  expect(out(delivery('1', 'sent'), delivery('2', 'uncertain', { reason: 'left' }))).toEqual({ kind: 'left' })
  expect(out(delivery('1', 'held', { reason: 'earlierPart' }))).toEqual({ kind: 'held', why: 'earlier' })
})

test('who did not get a letter is named, and what was left is put to nobody', () => {
  const refused = [{ recipient: 'bo@customer.example', reason: '550 5.1.1 nobody' }]
  const named = [{ recipient: 'bo@customer.example', reason: 'noAddress' }]
  expect(refusedOf({ deliveries: [delivery('1', 'sent', { refused })] })).toEqual(named)
  expect(out(delivery('1', 'failed', { reason: 'left' }))).toMatchObject({ left: true })
  expect(out(delivery('1', 'failed', { reason: 'blocked' }))).toMatchObject({ left: false })
})

test('incoming messages and notes say nothing of being sent', () => {
  expect(progressOf({ direction: 'in', deliveries: [] })).toBeNull()
  expect(progressOf({ direction: 'note', deliveries: [] })).toBeNull()
})

test('a reason nobody has words for is still said in words', () => {
  expect(failedReason('blocked')).toBe('blocked')
  expect(failedReason('somethingNew')).toBe('other')
})

test('an undo puts back exactly what was changed', () => {
  const before = conversation({ status: 'open', assigneeId: '4', priority: 'high' })
  expect(inverse({ status: 'resolved' }, before)).toEqual({ status: 'open' })
  expect(inverse({ status: 'snoozed', snoozedUntil: '2026-12-01T08:00:00.000Z' }, before)).toEqual({ status: 'open' })
  expect(inverse({ assigneeId: null, priority: 'low' }, before)).toEqual({ assigneeId: '4', priority: 'high' })
})

test('the address bar says what is asked for, and an old link still shows something', () => {
  expect(queryOf('mine')).toEqual({ assignee: 'me', status: 'open,waiting' })
  expect(queryOf('team-7', { status: 'any' })).toEqual({ team: '7' })
  expect(queryOf('tag-vip', { sort: 'waitingSince' })).toEqual({
    tag: 'vip',
    status: 'open,waiting',
    sort: 'waitingSince',
  })
  expect(queryOf('gone')).toEqual(queryOf('all'))
})

test('a row belongs where the server would list it', () => {
  expect(belongs(queryOf('mine'), conversation({ assigneeId: '7' }), '7')).toBe(true)
  expect(belongs(queryOf('mine'), conversation({ assigneeId: '8' }), '7')).toBe(false)
  expect(belongs(queryOf('all'), conversation({ status: 'resolved' }), '7')).toBe(false)
  expect(belongs(queryOf('tag-vip'), conversation({ tags: ['vip'] }), null)).toBe(true)
})

test('g then m goes to mine, and the second key does nothing else', () => {
  let now = 0
  const done: string[] = []
  const keys = { 'g m': () => done.push('mine'), u: () => done.push('back'), j: () => done.push('next') }
  const reader = createKeyReader(() => now)
  const press = (key: string, ctrlKey = false) => reader.read({ key, ctrlKey, metaKey: false, altKey: false }, keys)?.()
  press('g')
  press('m')
  press('g')
  press('u')
  press('u')
  press('j', true)
  press('g')
  now = 5_000
  press('j')
  expect(done).toEqual(['mine', 'back', 'next'])
})

test('hints of a burst become one look, and none is in flight beside another', async () => {
  const looks: Wanted[] = []
  let running = 0
  let most = 0
  const refresher = createRefresher(async (wanted) => {
    looks.push(wanted)
    running += 1
    most = Math.max(most, running)
    await Promise.resolve()
    running -= 1
  }, 5)
  for (let version = 1; version <= 50; version += 1)
    refresher.want({ conversations: [{ conversation: '42', version }] })
  await expect.poll(() => looks.length).toBe(2)
  expect(looks[1]?.conversations.get('42')).toBe(50)
  expect(most).toBe(1)
  refresher.stop()
})

test('a failed look does not end the looking', async () => {
  let tries = 0
  const refresher = createRefresher(async () => {
    tries += 1
    throw new Error('no answer')
  }, 1)
  refresher.want({ all: true })
  await expect.poll(() => tries).toBe(1)
  refresher.want({ all: true })
  await expect.poll(() => tries).toBe(2)
  refresher.stop()
})

test('times are short in a list and exact enough to understand', () => {
  const now = new Date(2026, 10, 5, 15, 0)
  const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString()
  expect(shortTime(ago(5), now, 'en')).toBe('5m')
  expect(shortTime(ago(5), now, 'zh')).toBe('5分钟')
  expect(shortTime(ago(120), now, 'en')).toBe('13:00')
  expect(shortTime(ago(2 * 1440), now, 'en')).toBe('Tue')
  expect(shortTime(null, now, 'en')).toBe('')
  expect(dayName(ago(10), now, 'en')).toBe('Today')
  expect(dayName(ago(1440), now, 'zh')).toBe('昨天')
})

test('snoozing offers only times to come', () => {
  for (const hour of [0, 8, 16, 17, 23]) {
    for (let day = 2; day < 9; day += 1) {
      const now = new Date(2026, 10, day, hour, 30)
      for (const choice of snoozeChoices(now)) expect(choice.at.getTime()).toBeGreaterThan(now.getTime())
    }
  }
})

test('initials suit the script of the name', () => {
  expect(initials('Mei Lin')).toBe('ML')
  expect(initials('陈思远')).toBe('陈')
  expect(initials('  ')).toBe('?')
  expect(initials('🙂 Sam')).toBe('🙂S')
})

test('a refusal is said in our words, with what only the channel knows behind them', () => {
  const t = ((key: string, values?: { said?: string }) => `${key}|${values?.said ?? ''}`) as unknown as TFunction
  expect(sayRefusal(t, 'noRecipient', 'Nobody is named.')).toBe('refusal.noRecipient|')
  expect(sayRefusal(t, 'tooLarge', 'Up to 18 MB.')).toBe('refusal.tooLarge|Up to 18 MB.')
  expect(sayRefusal(t, 'somethingNew', 'What a newer server says.')).toBe('What a newer server says.')
  expect(sayFailure(t, 'auth', '535 no')).toBe('health.why.auth|535 no')
  expect(sayFailure(t, 'rejected', 'No.')).toBe('No.')
})
