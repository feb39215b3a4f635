import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Reading } from '../../channels/telegram/groups.ts'
import { parseUpdates } from '../../channels/telegram/parse.ts'
import { cpuTimeMs } from '../support/cpu-time.ts'

const bot = { id: 110201543, username: 'northstar_help_bot', can_read_all_group_messages: true }
const now = new Date('2026-03-02T09:00:00Z')
const settings = { groups: 'mentions', groupThreads: 'person' } as const
const reading: Reading = { settings, bot, now, albums: new Set() }

interface Recorded {
  readonly title: string
  readonly settings?: Partial<Reading['settings']>
  readonly updates: readonly Record<string, unknown>[]
  readonly expected: { readonly events: object[]; readonly ignored: string[]; readonly callbacks?: string[] }
}

const folder = new URL('./fixtures/telegram/', import.meta.url)
const recorded = readdirSync(folder).map((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Recorded)
const plain = (value: unknown) => JSON.parse(JSON.stringify(value))

describe('telegram reads', () => {
  test.each(recorded)('$title', ({ settings: wish, updates, expected }) => {
    const parsed = parseUpdates(updates, { ...reading, settings: { ...settings, ...wish } })
    expect(plain(parsed.events.map(({ raw: _raw, ...event }) => event))).toEqual(expected.events)
    expect(parsed.ignored.map(({ reason }) => reason)).toEqual(expected.ignored)
    expect(parsed.callbacks).toEqual(expected.callbacks ?? [])
    for (const { raw } of parsed.events) expect(updates).toContainEqual(raw)
  })

  test('the rest of an album that comes with a later call', () => {
    const album = recorded.find(({ title }) => title.includes('an album whose caption'))
    const [first, captioned] = album?.updates ?? []
    const before = parseUpdates([captioned], reading)
    expect(parseUpdates([first], reading).ignored).toEqual([{ reason: 'notForUs' }])
    expect(parseUpdates([first], { ...reading, albums: before.albums }).events.length).toBe(1)
  })

  test('the same update twice is the same event, and one whose id was used before another', () => {
    const audio = recorded.find(({ title }) => title === 'audio')?.updates[0] as { message: { date: number } }
    const { message } = audio
    const idOf = (date: number) =>
      parseUpdates([{ ...audio, message: { ...message, date } }], reading).events[0]?.eventId
    expect(idOf(message.date)).toBe(idOf(message.date))
    expect(idOf(message.date)).not.toBe(idOf(message.date + 700_000))
  })
})

describe('whatever comes', () => {
  const known = recorded.flatMap(({ updates }) => updates)
  const anything = fc.oneof(fc.anything({ maxDepth: 3 }), fc.jsonValue(), fc.string({ unit: 'binary' }), fc.double())

  /** A recorded update with something absurd somewhere inside. */
  const bent = fc
    .tuple(fc.constantFrom(...known), fc.array(fc.nat(9), { maxLength: 5 }), anything)
    .map(([update, way, nonsense]) => {
      const copy = structuredClone(update)
      let at: Record<string, unknown> = copy
      for (const step of way) {
        const keys = Object.keys(at)
        const key = keys[step % keys.length]
        const next = key === undefined ? undefined : at[key]
        if (typeof next !== 'object' || next === null) break
        at = next as Record<string, unknown>
      }
      const keys = Object.keys(at)
      at[keys[(way.at(-1) ?? 0) % Math.max(1, keys.length)] ?? 'text'] = nonsense
      return copy
    })

  test('reading never throws, and what comes of it is sound', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(anything, bent), { maxLength: 6 }),
        fc.constantFrom('ignore', 'mentions', 'all'),
        (updates, groups) => {
          const parsed = parseUpdates(updates, { ...reading, settings: { ...settings, groups } })
          for (const event of parsed.events) {
            expect(event.eventId).toMatch(/./)
            expect(event.thread.key).toMatch(/^-?\d+(?:\/\d+)?(?:~-?\d+)?$/)
            expect(Number.isNaN(event.occurredAt.getTime())).toBe(false)
            if ('text' in event) expect(typeof event.text).toBe('string')
            if ('sender' in event) expect(event.sender?.key).toMatch(/^(?:user|chat):-?\d+$/)
          }
        },
      ),
      { numRuns: 3_000 },
    )
  })

  test('a huge text with a hundred thousand marks stalls nothing', () => {
    const text = 'x'.repeat(1_000_000)
    const entities = Array.from({ length: 100_000 }, (_, offset) => ({
      type: 'text_link',
      offset,
      length: 9,
      url: 'https://e.org',
    }))
    const message = { message_id: 1, date: 1, chat: { id: 1, type: 'private' }, from: { id: 1 }, text, entities }
    const start = cpuTimeMs()
    expect(parseUpdates([{ update_id: 1, message }], reading).events.length).toBe(1)
    expect(cpuTimeMs() - start).toBeLessThan(2_000)
  })
})
