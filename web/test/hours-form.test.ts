import { expect, test } from 'vitest'
import { dueState, shortSpan } from '../src/data/due.ts'
import { faultOf, keyed, likeMonday, nextTimes, spansOf, usualWeek, weekOf } from '../src/data/hours-form.ts'
import { policyOf, unitOf } from '../src/data/policy-form.ts'

const times = (from: string, to: string) => keyed({ from, to })

test('a week is shown and sent back as it was, midnight included', () => {
  const spans = [
    { day: 1, from: '09:00', to: '12:00' },
    { day: 1, from: '13:00', to: '24:00' },
    { day: 7, from: '00:00', to: '06:00' },
  ]
  expect(spansOf(weekOf([spans[1]!, spans[2]!, spans[0]!]))).toEqual(spans)
})

test('what the server would refuse is told before', () => {
  const week = usualWeek()
  const on = (day: number, ...all: ReturnType<typeof times>[]) => week.map((old, n) => (n === day ? all : old))
  expect(faultOf(week, [])).toBeNull()
  expect(faultOf(on(5, times('22:00', '00:00')), [])).toBeNull()
  expect(faultOf(on(2, times('09:00', '12:00'), times('11:00', '13:00')), [])).toEqual({ kind: 'overlap', day: 2 })
  expect(faultOf(on(0, times('17:00', '09:00')), [])).toEqual({ kind: 'overlap', day: 0 })
  expect(faultOf(on(0, times('09:00', '')), [])).toBeNull()
  expect(
    faultOf(
      Array.from({ length: 7 }, () => []),
      [],
    ),
  ).toEqual({ kind: 'noTime' })
  expect(faultOf(week, [{ from: '2026-02-02', to: '2026-02-01', name: '' }])).toEqual({ kind: 'holidayOrder' })
})

test('a time that is added stands after the last one, as long as the day has room', () => {
  expect(nextTimes([])).toMatchObject({ from: '09:00', to: '17:00' })
  expect(nextTimes([times('09:00', '12:30')])).toMatchObject({ from: '13:00', to: '17:00' })
  expect(nextTimes([times('09:00', '21:00')])).toMatchObject({ from: '22:00', to: '00:00' })
  expect(nextTimes([times('09:00', '23:30')])).toBeNull()
  expect(nextTimes([times('09:00', '00:00')])).toBeNull()
})

test('Monday is copied to Friday, and the weekend left alone', () => {
  const week = usualWeek().map((day, n) => (n === 0 ? [times('08:00', '10:00')] : day))
  expect(spansOf(likeMonday(week)).map(({ day, from }) => `${day} ${from}`)).toEqual(
    [1, 2, 3, 4, 5].map((day) => `${day} 08:00`),
  )
})

test('times are counted in words that fit, and late ones told from those to come', () => {
  expect([0, 90_000, 7_100_000, 7_300_000, 172_800_000].map((ms) => shortSpan(ms, 'en'))).toEqual([
    '1 min',
    '1 min',
    '118 min',
    '2 hr',
    '2 days',
  ])
  const now = new Date('2026-01-01T12:00:00Z')
  const at = (minutes: number) => dueState({ at: new Date(now.getTime() + minutes * 60_000).toISOString() }, now, 'zh')
  expect(at(12)).toEqual({ late: false, soon: true, time: '12分钟' })
  expect(at(40)).toMatchObject({ late: false, soon: false })
  expect(at(-3)).toEqual({ late: true, soon: false, time: '3分钟' })
})

test('a form of response times says minutes, and nothing for what is empty', () => {
  const form = new FormData()
  for (const [name, value] of Object.entries({
    name: ' Standard ',
    hours: '',
    'firstResponse.unit': 'hours',
    'firstResponse.normal': '1.5',
    'update.unit': 'minutes',
    'update.urgent': '20',
    warn: 'percent',
    warnAmount: '80',
    team: '7',
  }))
    form.append(name, value)
  expect(policyOf(form)).toEqual({
    name: 'Standard',
    businessHoursId: null,
    escalates: false,
    targets: {
      firstResponse: { low: null, normal: 90, high: null, urgent: null },
      update: { low: null, normal: null, high: null, urgent: 20 },
    },
    warning: { percent: 80 },
    isDefault: false,
    teamIds: ['7'],
    inboxIds: [],
  })
  expect(unitOf({ low: null, normal: 90, high: 60, urgent: null })).toBe('minutes')
  expect(unitOf({ low: null, normal: 120, high: 60, urgent: null })).toBe('hours')
})
