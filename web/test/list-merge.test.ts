import { expect, test } from 'vitest'
import type { Conversation } from '../../src/wire/conversation.ts'
import { appendPage, arrange, mergeHead, replaceRow } from '../src/data/list-merge.ts'
import { conversation } from './samples.ts'

const at = (minute: number) => new Date(Date.UTC(2026, 10, 3, 12, minute)).toISOString()
const row = (id: string, minute: number, more: Partial<Conversation> = {}) =>
  conversation({ id, lastMessageAt: at(minute), ...more })
const ids = (list: { items: Conversation[] }) => list.items.map((item) => item.id)

test('a fresh first page keeps the rows loaded below it', () => {
  const old = { items: [row('3', 30), row('2', 20), row('1', 10)], next: 'c' }
  const merged = mergeHead(old, { items: [row('4', 40), row('3', 30)], next: 'b' })
  expect(ids(merged)).toEqual(['4', '3', '2', '1'])
  expect(merged.next).toBe('c')
})

test('a row that left the view disappears when its place is within the fresh page', () => {
  const old = { items: [row('3', 30), row('2', 20), row('1', 10)], next: null }
  expect(ids(mergeHead(old, { items: [row('3', 30), row('1', 10)], next: null }))).toEqual(['3', '1'])
})

test('a row that moved up does not stand twice', () => {
  const old = { items: [row('3', 30), row('2', 20), row('1', 10)], next: 'x' }
  expect(ids(mergeHead(old, { items: [row('1', 50), row('3', 30)], next: 'x' }))).toEqual(['1', '3', '2'])
})

test('sorted by waiting, the longest waiting stands first and later ones stay below', () => {
  const waits = (id: string, minute: number) => row(id, 0, { waitingSince: at(minute) })
  const old = { items: [waits('1', 1), waits('2', 2), waits('3', 3)], next: 'x' }
  expect(ids(mergeHead(old, { items: [waits('2', 2)], next: 'x' }, 'waitingSince'))).toEqual(['2', '3'])
})

test('a slow answer never takes a row back to an older version', () => {
  const old = { items: [row('1', 10, { version: 7, status: 'resolved' })], next: null }
  const merged = mergeHead(old, { items: [row('1', 10, { version: 6 })], next: null })
  expect(merged.items[0]?.status).toBe('resolved')
})

test('a page that overlaps is joined without repeats', () => {
  const joined = appendPage(
    { items: [row('3', 30), row('2', 20)], next: 'a' },
    { items: [row('2', 20), row('1', 10)], next: null },
  )
  expect(ids(joined)).toEqual(['3', '2', '1'])
})

test('a change is shown where the row stands', () => {
  const list = { items: [row('2', 20), row('1', 10)], next: null }
  expect(replaceRow(list, row('1', 10, { priority: 'urgent' })).items[1]?.priority).toBe('urgent')
  expect(replaceRow(list, row('9', 10))).toBe(list)
})

test('under the pointer nothing moves: new rows wait and are counted', () => {
  const held = arrange(['2', '1'], [row('4', 40, { priority: 'urgent' }), row('3', 30), row('2', 20), row('1', 10)], {
    held: true,
    selected: null,
  })
  expect(held).toEqual({ order: ['2', '1'], waiting: 2, urgent: true })
})

test('a row that would jump up under the pointer stays and is announced', () => {
  const held = arrange(['3', '2', '1'], [row('1', 40), row('3', 30), row('2', 20)], { held: true, selected: null })
  expect(held).toMatchObject({ order: ['3', '2', '1'], waiting: 1 })
})

test('older rows may be added below while the pointer is at work', () => {
  const held = arrange(['3', '2'], [row('3', 30), row('2', 20), row('1', 10)], { held: true, selected: null })
  expect(held).toMatchObject({ order: ['3', '2', '1'], waiting: 0 })
})

test('released, the list takes its true order', () => {
  const free = arrange(['3', '2', '1'], [row('1', 40), row('3', 30), row('2', 20)], { held: false, selected: null })
  expect(free.order).toEqual(['1', '3', '2'])
})

test('the selected row keeps its place after it left the view', () => {
  const items = [row('3', 30), row('1', 10)]
  expect(arrange(['3', '2', '1'], items, { held: false, selected: '2' }).order).toEqual(['3', '2', '1'])
  expect(arrange(['3', '2', '1'], items, { held: false, selected: null }).order).toEqual(['3', '1'])
})
