import { expect, it } from 'vitest'
import type { BusinessHours } from '../../../src/domain/calendar.ts'
import { dueInStory, type Story, week } from '../../support/promised-cases.ts'

// Expected times were worked out by hand from the published rules of each zone.

const at = (timeZone: string, days: string, holidays: BusinessHours['holidays'] = []): BusinessHours => ({
  timeZone,
  week: week(days),
  holidays,
})
const off = (from: string, to = from) => ({ from, to, name: 'Closed' })

const berlin = at('Europe/Berlin', 'Mon-Fri 09:00-17:00')
const siesta = at('Europe/Berlin', 'Mon-Fri 09:00-12:00 13:00-17:00')
const nights = at('Europe/Berlin', 'Sat 22:00-24:00, Sun 00:00-06:00')
const early = at('Europe/Berlin', 'Sun 00:00-02:30')
const second = at('Europe/Berlin', 'Sun 02:30-05:00')
const havana = at('America/Havana', 'Sat 00:00-24:00')
const newYork = at('America/New_York', 'Mon-Fri 09:00-17:00')
const sydney = at('Australia/Sydney', 'Mon-Fri 09:00-17:00')
const adelaide = at('Australia/Adelaide', 'Mon-Fri 09:00-17:00')
const kolkata = at('Asia/Kolkata', 'Mon-Sat 10:00-18:00')
const kathmandu = at('Asia/Kathmandu', 'Sun-Fri 09:00-17:00')
const lordHowe = at('Australia/Lord_Howe', 'Mon-Sun 00:00-24:00')
const lordHoweNights = at('Australia/Lord_Howe', 'Mon-Sun 01:00-03:00')
const chatham = at('Pacific/Chatham', 'Mon-Fri 09:00-17:00')
const stJohns = at('America/St_Johns', 'Mon-Fri 08:30-16:30')
const santiagoNights = at('America/Santiago', 'Mon-Sun 00:00-08:00')
const yearEnd = at('Europe/Berlin', 'Mon-Fri 09:00-17:00', [off('2026-12-24', '2027-01-03')])
const christmas = at('Europe/Berlin', 'Mon-Fri 09:00-17:00', [off('2026-12-25', '2026-12-26')])
const easter = at('Europe/Berlin', 'Mon-Fri 09:00-17:00', [off('2026-04-06')])
const unity = at('Europe/Berlin', 'Mon-Fri 09:00-17:00', [off('2026-10-03')])
const tokyo = at('Asia/Tokyo', 'Mon-Fri 09:00-18:00', [off('2026-01-12')])
const gone = at('Europe/Berlin', 'Mon-Fri 09:00-17:00', [off('2020-01-01', '2040-01-01')])

type Row = readonly [says: string, story: Story, due: string | null]
const q = (hours: BusinessHours | null, asked: string, promised: number, more: Partial<Story> = {}): Story => ({
  hours,
  asked,
  promised,
  ...more,
})

const tables: Record<string, readonly Row[]> = {
  'opening hours': [
    ['without hours an hour is an hour', q(null, '2026-01-09T16:30Z', 60), '2026-01-09T17:30Z'],
    ['within a day it is plain time', q(berlin, '2026-01-13T10:00+01:00', 120), '2026-01-13T12:00+01:00'],
    ['Friday evening goes on on Monday', q(berlin, '2026-01-09T16:30+01:00', 60), '2026-01-12T09:30+01:00'],
    ['Saturday counts from Monday', q(berlin, '2026-01-10T12:00+01:00', 60), '2026-01-12T10:00+01:00'],
    ['early morning counts from opening', q(berlin, '2026-01-13T07:00+01:00', 60), '2026-01-13T10:00+01:00'],
    ['may end with closing', q(berlin, '2026-01-13T16:00+01:00', 60), '2026-01-13T17:00+01:00'],
    ['at closing it is closed', q(berlin, '2026-01-13T17:00+01:00', 60), '2026-01-14T10:00+01:00'],
    ['lunch is not counted', q(siesta, '2026-01-13T11:30+01:00', 60), '2026-01-13T13:30+01:00'],
    ['forty hours are a week', q(berlin, '2026-01-12T09:00+01:00', 2_400), '2026-01-16T17:00+01:00'],
    ['half an hour east', q(kolkata, '2026-01-10T17:30+05:30', 60), '2026-01-12T10:30+05:30'],
    ['a quarter of an hour east, Sundays', q(kathmandu, '2026-01-09T16:30+05:45', 60), '2026-01-11T09:30+05:45'],
  ],
  'clocks that change': [
    ['Berlin goes forward', q(berlin, '2026-03-27T16:00+01:00', 120), '2026-03-30T10:00+02:00'],
    ['Berlin goes back', q(berlin, '2026-10-23T16:00+02:00', 120), '2026-10-26T10:00+01:00'],
    ['a skipped hour is no time', q(nights, '2026-03-28T23:00+01:00', 240), '2026-03-29T04:00+02:00'],
    ['an hour shown twice is two', q(nights, '2026-10-24T23:00+02:00', 300), '2026-10-25T03:00+01:00'],
    ['closing shown twice is the second', q(early, '2026-10-25T00:00+02:00', 200), '2026-10-25T02:20+01:00'],
    ['opening shown twice is the first', q(second, '2026-10-25T00:00+02:00', 60), '2026-10-25T02:30+01:00'],
    ['midnight shown twice ends the day once', q(havana, '2026-10-31T20:00-04:00', 300), '2026-11-07T01:00-05:00'],
    ['New York goes forward', q(newYork, '2026-03-06T16:30-05:00', 60), '2026-03-09T09:30-04:00'],
    ['New York goes back', q(newYork, '2026-10-30T16:30-04:00', 60), '2026-11-02T09:30-05:00'],
    ['Sydney goes back in April', q(sydney, '2026-04-03T16:00+11:00', 120), '2026-04-06T10:00+10:00'],
    ['Sydney goes forward in October', q(sydney, '2026-10-02T16:00+10:00', 120), '2026-10-05T10:00+11:00'],
    ['Adelaide, half an hour off', q(adelaide, '2026-10-02T16:45+09:30', 30), '2026-10-05T09:15+10:30'],
    ['Lord Howe goes back by half an hour', q(lordHowe, '2026-04-05T00:00+11:00', 1_440), '2026-04-05T23:30+10:30'],
    ['and forward', q(lordHoweNights, '2026-10-04T01:00+10:30', 90), '2026-10-04T03:00+11:00'],
    ['Chatham, three quarters off', q(chatham, '2026-09-25T16:45+12:45', 30), '2026-09-28T09:15+13:45'],
    ["St. John's", q(stJohns, '2026-03-06T16:00-03:30', 60), '2026-03-09T09:00-02:30'],
    ['Santiago skips midnight', q(santiagoNights, '2026-09-05T07:00-04:00', 120), '2026-09-06T02:00-03:00'],
  ],
  holidays: [
    ['Christmas and a weekend', q(christmas, '2026-12-24T16:00+01:00', 120), '2026-12-28T10:00+01:00'],
    ['a range over New Year', q(yearEnd, '2026-12-23T16:30+01:00', 60), '2027-01-04T09:30+01:00'],
    ['asked on one', q(easter, '2026-04-06T10:00+02:00', 60), '2026-04-07T10:00+02:00'],
    ['it is the day there, not in UTC', q(tokyo, '2026-01-11T23:30Z', 60), '2026-01-13T10:00+09:00'],
    ['on a Saturday nobody notices', q(unity, '2026-10-02T16:30+02:00', 60), '2026-10-05T09:30+02:00'],
    ['closed for good: never due', q(gone, '2026-01-13T10:00+01:00', 60), null],
  ],
  pauses: [
    [
      'the customer’s turn stops the end',
      q(berlin, '2026-01-13T09:00+01:00', 240, {
        kind: 'resolution',
        steps: [
          { at: '2026-01-13T10:00+01:00', word: true },
          { at: '2026-01-14T10:00+01:00', asked: true },
        ],
      }),
      '2026-01-14T13:00+01:00',
    ],
    [
      'as long as it is theirs nothing is due',
      q(berlin, '2026-01-13T09:00+01:00', 240, {
        kind: 'resolution',
        steps: [{ at: '2026-01-13T10:00+01:00', word: true }],
      }),
      null,
    ],
    [
      'on hold stops the end',
      q(berlin, '2026-01-13T09:00+01:00', 240, {
        kind: 'resolution',
        steps: [
          { at: '2026-01-13T10:00+01:00', status: 'onHold' },
          { at: '2026-01-13T12:00+01:00', status: 'open' },
        ],
      }),
      '2026-01-13T15:00+01:00',
    ],
    [
      'on hold stops no update',
      q(berlin, '2026-01-13T08:00+01:00', 120, {
        kind: 'update',
        steps: [
          { at: '2026-01-13T09:00+01:00', word: true },
          { at: '2026-01-13T10:00+01:00', asked: true },
          { at: '2026-01-13T10:30+01:00', status: 'onHold' },
        ],
      }),
      '2026-01-13T12:00+01:00',
    ],
    [
      'on hold stops no first response',
      q(berlin, '2026-01-13T09:00+01:00', 60, { steps: [{ at: '2026-01-13T09:10+01:00', status: 'onHold' }] }),
      '2026-01-13T10:00+01:00',
    ],
    [
      'snoozed over a weekend',
      q(berlin, '2026-01-09T15:00+01:00', 120, {
        kind: 'resolution',
        steps: [
          { at: '2026-01-09T15:30+01:00', status: 'snoozed' },
          { at: '2026-01-12T11:00+01:00', status: 'open' },
        ],
      }),
      '2026-01-12T12:30+01:00',
    ],
    [
      'a pause while it is closed costs nothing',
      q(berlin, '2026-01-09T16:00+01:00', 120, {
        kind: 'resolution',
        steps: [
          { at: '2026-01-09T18:00+01:00', status: 'waiting' },
          { at: '2026-01-11T12:00+01:00', status: 'open' },
        ],
      }),
      '2026-01-12T10:00+01:00',
    ],
    [
      'what was late before the pause stays late',
      q(berlin, '2026-01-13T09:00+01:00', 60, {
        kind: 'resolution',
        steps: [{ at: '2026-01-13T11:00+01:00', status: 'waiting' }],
      }),
      '2026-01-13T10:00+01:00',
    ],
    [
      'what the bot has waits for no person',
      q(berlin, '2026-01-13T09:00+01:00', 60, {
        holder: 'bot',
        steps: [{ at: '2026-01-13T09:20+01:00', holder: 'queue' }],
      }),
      '2026-01-13T10:20+01:00',
    ],
    [
      'snoozed twice, two pauses',
      q(null, '2026-01-13T09:00Z', 180, {
        kind: 'resolution',
        steps: [
          { at: '2026-01-13T10:00Z', status: 'snoozed' },
          { at: '2026-01-13T12:00Z', status: 'open' },
          { at: '2026-01-13T13:00Z', status: 'snoozed' },
          { at: '2026-01-13T17:00Z', status: 'open' },
        ],
      }),
      '2026-01-13T18:00Z',
    ],
  ],
  'what changes on the way': [
    [
      'a higher priority counts from the question',
      q(berlin, '2026-01-13T09:00+01:00', 240, { steps: [{ at: '2026-01-13T09:10+01:00', promised: 30 }] }),
      '2026-01-13T09:30+01:00',
    ],
    [
      'a lower one gives time again',
      q(berlin, '2026-01-13T09:00+01:00', 30, { steps: [{ at: '2026-01-13T10:00+01:00', promised: 240 }] }),
      '2026-01-13T13:00+01:00',
    ],
    [
      'another policy while it waits keeps the pause',
      q(berlin, '2026-01-13T09:00+01:00', 60, {
        kind: 'resolution',
        steps: [
          { at: '2026-01-13T09:30+01:00', status: 'waiting' },
          { at: '2026-01-13T12:00+01:00', promised: 120 },
          { at: '2026-01-13T14:00+01:00', status: 'open' },
        ],
      }),
      '2026-01-13T15:30+01:00',
    ],
    [
      'other hours count from the question, too',
      q(berlin, '2026-01-09T16:30+01:00', 60, { steps: [{ at: '2026-01-09T16:45+01:00', hours: null }] }),
      '2026-01-09T17:30+01:00',
    ],
    [
      'hours of another place count for what was before the pause, too',
      q(null, '2026-01-13T09:00+01:00', 120, {
        kind: 'resolution',
        steps: [
          { at: '2026-01-13T10:00+01:00', status: 'waiting' },
          { at: '2026-01-13T12:00+01:00', hours: newYork },
          { at: '2026-01-13T16:00+01:00', status: 'open' },
        ],
      }),
      '2026-01-13T18:00+01:00',
    ],
    [
      'answered and asked again: the next response counts from there',
      q(berlin, '2026-01-13T09:00+01:00', 60, {
        kind: 'nextResponse',
        steps: [
          { at: '2026-01-13T09:30+01:00', word: true },
          { at: '2026-01-13T11:00+01:00', asked: true },
          { at: '2026-01-13T11:30+01:00', asked: true },
        ],
      }),
      '2026-01-13T12:00+01:00',
    ],
    [
      'reopened: the end counts anew',
      q(berlin, '2026-01-13T09:00+01:00', 120, {
        kind: 'resolution',
        steps: [
          { at: '2026-01-13T10:00+01:00', status: 'resolved' },
          { at: '2026-01-14T11:00+01:00', asked: true },
        ],
      }),
      '2026-01-14T13:00+01:00',
    ],
    [
      'resolved: nothing is due',
      q(berlin, '2026-01-13T09:00+01:00', 120, { steps: [{ at: '2026-01-13T10:00+01:00', status: 'resolved' }] }),
      null,
    ],
    [
      'reopened, the update counts from there',
      q(null, '2026-01-13T09:00Z', 60, {
        kind: 'update',
        steps: [
          { at: '2026-01-13T10:00Z', word: true },
          { at: '2026-01-13T11:00Z', status: 'resolved' },
          { at: '2026-01-15T11:00Z', asked: true },
        ],
      }),
      '2026-01-15T12:00Z',
    ],
  ],
}

for (const [title, rows] of Object.entries(tables)) {
  it.each(rows)(`${title}: %s`, (_, story, due) => {
    const found = dueInStory(story).due
    expect(found === null ? null : new Date(found).toISOString()).toBe(due && new Date(due).toISOString())
  })
}

it('are forty cases and more', () => {
  expect(Object.values(tables).flat().length).toBeGreaterThanOrEqual(40)
})
