import { expect, test } from 'vitest'
import type { Activity } from '../../src/wire/conversation.ts'
import { addOwn, mergeNewest, prependOlder, type Transcript } from '../src/data/message-merge.ts'
import { transcriptRows } from '../src/data/transcript-rows.ts'
import { message } from './samples.ts'

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => message(from + at))
const held = (from: number, to: number, hasOlder = true): Transcript => ({
  messages: range(from, to),
  activities: [],
  hasOlder,
})
const seqs = (transcript: Transcript) => transcript.messages.map((one) => one.seq)
const agent = { type: 'agent' as const, id: '7', name: 'Ada' }

test('the newest page joins what is held, and brings what changed in it', () => {
  const page = [message(4, { text: 'edited', editedAt: '2026-11-03T13:00:00.000Z' }), message(5), message(6)]
  const merged = mergeNewest(held(1, 5, false), page, true)
  expect(seqs(merged)).toEqual([1, 2, 3, 4, 5, 6])
  expect(merged.messages[3]?.text).toBe('edited')
  expect(merged.hasOlder).toBe(false)
})

test('after a gap the older rest is dropped rather than shown with a hole', () => {
  const merged = mergeNewest(held(1, 5, false), range(60, 100), true)
  expect(seqs(merged)[0]).toBe(60)
  expect(merged.hasOlder).toBe(true)
})

test('older messages come before, none twice', () => {
  expect(seqs(prependOlder(held(4, 6), range(2, 4), false))).toEqual([2, 3, 4, 5, 6])
})

test('our own message takes its place by number, also when the hint was faster', () => {
  expect(seqs(addOwn(held(1, 3), message(4)))).toEqual([1, 2, 3, 4])
  expect(seqs(addOwn({ ...held(1, 3), messages: [...range(1, 3), message(5)] }, message(4)))).toEqual([1, 2, 3, 4, 5])
  expect(seqs(addOwn(held(1, 4), message(4)))).toEqual([1, 2, 3, 4])
})

test('days are divided and runs of one sender share one head', () => {
  const rows = transcriptRows(
    [
      message(1),
      message(2),
      message(3, { direction: 'out', sender: agent }),
      message(4, { createdAt: '2026-11-05T09:00:00.000Z' }),
    ],
    [],
    null,
  )
  expect(rows.map((row) => row.kind)).toEqual(['day', 'message', 'message', 'message', 'day', 'message'])
  const starts = rows.flatMap((row) => (row.kind === 'message' ? [row.startsRun] : []))
  expect(starts).toEqual([true, false, true, true])
  const ends = rows.flatMap((row) => (row.kind === 'message' ? [row.endsRun] : []))
  expect(ends).toEqual([false, true, true, true])
})

test('what came since the last look is marked once, and not for somebody who never looked', () => {
  const rows = transcriptRows(range(1, 4), [], 2)
  expect(rows.filter((row) => row.kind === 'new')).toHaveLength(1)
  expect(rows.findIndex((row) => row.kind === 'new')).toBe(3)
  expect(transcriptRows(range(1, 4), [], 0).some((row) => row.kind === 'new')).toBe(false)
})

test('changes stand after the message they followed, and the machine talks to itself unheard', () => {
  const change = (id: string, kind: string, afterSeq: number): Activity => ({
    id,
    conversationId: '1',
    kind,
    by: agent,
    data: {},
    afterSeq,
    createdAt: '2026-11-03T12:01:30.000Z',
  })
  const rows = transcriptRows(
    range(1, 3),
    [change('9', 'assigned', 2), change('8', 'routed', 1), change('7', 'tagsChanged', 3)],
    null,
  )
  expect(rows.map((row) => row.key)).toEqual(['d1', '1', '2', 'a9', '3', 'a7'])
})

test('two notes of one agent never melt into one', () => {
  const note = { direction: 'note' as const, sender: agent }
  const rows = transcriptRows([message(1, note), message(2, note)], [], null)
  expect(rows.flatMap((row) => (row.kind === 'message' ? [row.startsRun] : []))).toEqual([true, true])
})
