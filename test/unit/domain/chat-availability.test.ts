import { expect, it } from 'vitest'
import { calendarOf } from '../../../src/domain/calendar.ts'
import { type ChatFacts, type ChatRules, chatAvailability } from '../../../src/domain/chat-availability.ts'

const calendar = calendarOf({
  timeZone: 'Asia/Tokyo',
  week: [{ day: 1, from: '09:00', to: '18:00' }],
  holidays: [{ from: '2026-03-09', to: '2026-03-09', name: 'Off' }],
})
const monday = (hour: number) => Date.UTC(2026, 2, 2, hour - 9)
const facts: ChatFacts = { at: monday(10), calendar: null, country: null, tier: null, path: null, waiting: 0 }
const open = { open: true, why: null, opensAt: null }
const elsewhere = { open: false, why: 'elsewhere', opensAt: null }

it.each<[string, ChatRules, Partial<ChatFacts>, unknown]>([
  ['nothing is ruled', {}, {}, open],
  ['it is within hours', { hours: 'Tokyo' }, { calendar }, open],
  [
    'it is after hours: back when they open next, holidays apart',
    { hours: 'Tokyo' },
    { calendar, at: monday(18) },
    { open: false, why: 'hours', opensAt: Date.UTC(2026, 2, 16) },
  ],
  ['the hours are gone', { hours: 'Nowhere' }, { at: monday(18) }, open],
  ['the country is one of them', { regions: ['jp', 'KR'] }, { country: 'JP' }, open],
  ['the country is another', { regions: ['JP'] }, { country: 'US' }, elsewhere],
  ['nobody knows the country', { regions: ['JP'] }, {}, elsewhere],
  ['the tier is one of them', { tiers: ['gold'] }, { tier: 'gold' }, open],
  ['the tier is another', { tiers: ['gold'] }, { tier: 'silver' }, elsewhere],
  ['nobody signed in', { tiers: ['gold'] }, {}, elsewhere],
  ['the page is below one of them', { pages: ['/help'] }, { path: '/help/fees' }, open],
  ['the page is another', { pages: ['/help'] }, { path: '/trade' }, elsewhere],
  ['as many wait as may', { mostWaiting: 5 }, { waiting: 5 }, open],
  ['more wait than may', { mostWaiting: 5 }, { waiting: 6 }, { open: false, why: 'busy', opensAt: null }],
  [
    'it is another country after hours: nothing is promised',
    { hours: 'Tokyo', regions: ['JP'] },
    { calendar, at: monday(20), country: 'US' },
    elsewhere,
  ],
])('live chat where %s', (_what, rules, more, expected) => {
  expect(chatAvailability(rules, { ...facts, ...more })).toEqual(expected)
})
