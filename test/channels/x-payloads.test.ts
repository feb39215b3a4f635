import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseActivity } from '../../channels/x/activity.ts'
import { dmEventOf, type Me, postEventsOf } from '../../channels/x/parse.ts'
import { page, parseDm, parsePost } from '../../channels/x/wire.ts'
import type { InboundEvent } from '../../src/channel/contract.ts'
import { cpuTimeMs } from '../support/cpu-time.ts'

const me: Me = { id: '1111111111111111111', username: 'ExampleUser' }
const folder = new URL('fixtures/x/', import.meta.url)

interface Fixture {
  readonly kind: 'activity' | 'dm_events' | 'mentions'
  readonly payload: unknown
  readonly expected: unknown
}

function eventsOf(
  kind: Fixture['kind'],
  payload: unknown,
): { events: readonly InboundEvent[]; ignored: unknown[]; typing: readonly string[] } {
  if (kind === 'activity') {
    const { events, ignored, typing } = parseActivity(payload, me)
    return { events, ignored: [...ignored], typing }
  }
  const { data = [], includes } = page.safeParse(payload).data ?? page.parse({})
  const events = data.flatMap((raw) => {
    if (kind === 'mentions') {
      const post = parsePost(raw)
      return post ? postEventsOf(post, includes, me, raw) : []
    }
    const dm = parseDm(raw)
    return dm ? [dmEventOf(dm, includes, me, raw)] : []
  })
  return { events, ignored: [], typing: [] }
}

/** As JSON, and without the platform's own words. */
function plain({ events, ...rest }: ReturnType<typeof eventsOf>): unknown {
  return JSON.parse(JSON.stringify({ events: events.map(({ raw: _raw, ...event }) => event), ...rest })) as unknown
}

const read = (name: string) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Fixture
const names = readdirSync(folder)

/** What each recorded payload is about, in the words of the list of what this channel does. */
const about: Readonly<Record<string, string>> = {
  'dm-received.json': 'a direct message by webhook',
  'dm-sent.json': 'an echo of a direct message written in X itself, by webhook',
  'dm-received-picture.json': 'a direct message with a picture and a link, by webhook: the link expanded',
  'dm-received-gif.json': 'a GIF in a direct message',
  'dm-received-video.json': 'a video in a direct message by webhook, the best of its films',
  'dm-typing.json': 'typing in a direct message',
  'dm-read.json': 'a read receipt of direct messages',
  'chat-received.json': 'an encrypted message is shown as such instead of nothing',
  'post-mention.json': 'a public mention by webhook',
  'post-reply.json': 'a public reply to us by webhook, without the names it begins with',
  'post-reply-unasked.json': 'a reply that does not name us is kept apart: it may not be answered',
  'post-create-ours.json': 'an echo of a public answer written in X itself',
  'post-create-ours-alone.json': 'a post of ours that answers nobody is counted',
  'other-account.json': 'an event of another account is counted',
  'profile-update.json': 'an event of another kind is counted',
  'dm-event.json': 'a direct message by polling',
  'dm-event-own.json': 'an echo of a direct message written in X itself, by polling',
  'dm-event-shared-post.json': 'a post shared in a direct message is quoted',
  'dm-event-video.json': 'a video in a direct message, the best of its films',
  'dm-event-links.json': 'links in a direct message are written out',
  'dm-event-participants.json': 'who comes to a group and leaves it is nothing said',
  'dm-event-group.json': 'a message in a group is shared, not private',
  'mention.json': 'a public mention by polling, with errors beside the data',
  'mention-picture.json': 'a picture in a public mention',
  'mention-video.json': 'a video in a public mention, the best of its films',
  'mention-quote.json': 'a quote of our post',
  'mention-edited.json': 'an edited post is the first words and an edit of them',
  'mention-long.json': 'a long post comes whole',
}

describe('recorded payloads of X', () => {
  test('each kind is described', () => {
    expect(Object.keys(about).sort()).toEqual([...names].sort())
  })

  for (const name of names) {
    test(about[name] ?? name, () => {
      const { kind, payload, expected } = read(name)
      expect(plain(eventsOf(kind, payload))).toEqual(expected)
    })
  }

  test('the same message by webhook and by polling is the same event', () => {
    const { payload } = read('dm-received.json')
    const [hooked] = eventsOf('activity', payload).events
    const polled = {
      data: [
        {
          id: '2080765901528535096',
          event_type: 'MessageCreate',
          text: 'hello!',
          sender_id: '2222222222222222222',
          dm_conversation_id: '1111111111111111111-2222222222222222222',
          created_at: new Date(1_784_928_224_372).toISOString(),
        },
      ],
      includes: { users: [{ id: '2222222222222222222', name: 'OtherUser', username: 'OtherUser' }] },
    }
    const [listed] = eventsOf('dm_events', polled).events
    expect({ ...hooked, raw: null }).toEqual({ ...listed, raw: null })
  })

  test('two customers under one post are two conversations', () => {
    const { payload } = read('post-reply.json')
    const other = JSON.parse(
      JSON.stringify(payload).replaceAll('2222222222222222222', '4444444444444444444'),
    ) as unknown
    const keys = [payload, other].map((one) => eventsOf('activity', one).events[0]?.thread.key)
    expect(new Set(keys).size).toBe(2)
  })
})

describe('hostile input from X', () => {
  /** A recorded payload with something of it replaced by anything. */
  const bent = fc.tuple(fc.constantFrom(...names), fc.nat(), fc.anything()).map(([name, where, what]) => {
    const { kind, payload } = read(name)
    return { kind, payload: replaced(payload, { left: where % 60, what }) }
  })

  test('no update throws, and none takes long', () => {
    fc.assert(
      fc.property(bent, ({ kind, payload }) => {
        const start = cpuTimeMs()
        const { events } = eventsOf(kind, payload)
        for (const event of events) {
          expect(Number.isNaN(event.occurredAt.getTime())).toBe(false)
          expect(event.thread.key.length).toBeLessThanOrEqual(512)
        }
        expect(cpuTimeMs() - start).toBeLessThan(2_000)
      }),
      { numRuns: 1_500 },
    )
  })

  test('anything at all in the place of an update is counted, not thrown', () => {
    fc.assert(
      fc.property(fc.anything(), fc.constantFrom('activity', 'dm_events', 'mentions'), (anything, kind) => {
        expect(eventsOf(kind, anything).events).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  test('a text of a megabyte full of links is read in time', () => {
    const { payload } = read('mention.json')
    const links = Array.from({ length: 3_000 }, (_, index) => ({
      url: `https://t.co/${index}xxxxxxx`,
      expanded_url: 'https://example.com/'.repeat(100),
    }))
    const text = '@a '.repeat(100_000) + links.map(({ url }) => url).join(' ')
    const huge = JSON.parse(JSON.stringify(payload)) as { data: Record<string, unknown>[] }
    Object.assign(huge.data[0] ?? {}, { text, entities: { urls: links, mentions: [] } })
    const start = cpuTimeMs()
    eventsOf('mentions', huge)
    expect(cpuTimeMs() - start).toBeLessThan(1_000)
  })

  test('state is the fold of the events in any order', () => {
    const first = JSON.parse(
      JSON.stringify(read('mention-edited.json').payload)
        .replaceAll('2080765813578191331', '2080765813578191330')
        .replace('order 18, not 17', 'order 17'),
    ) as unknown
    const events = [first, read('mention-edited.json').payload].flatMap((one) => [...eventsOf('mentions', one).events])
    const fold = (order: readonly InboundEvent[]) => {
      const known = new Set<string>()
      const texts = new Map<string, { id: bigint; text: string }>()
      for (const event of order) {
        if (known.has(event.eventId) || !('text' in event) || !('externalId' in event)) continue
        known.add(event.eventId)
        const id = BigInt(event.eventId.split(':')[1] ?? 0)
        if (id >= (texts.get(event.externalId)?.id ?? 0n)) texts.set(event.externalId, { id, text: event.text })
      }
      return [...texts].map(([id, { text }]) => [id, text])
    }
    expect(fold(events)).toEqual([['2080765813578191330', '@ExampleUser order 18, not 17']])
    expect(fold(events.toReversed())).toEqual(fold(events))
  })
})

function replaced(value: unknown, at: { left: number; what: unknown }): unknown {
  at.left -= 1
  if (at.left === 0) return at.what
  if (Array.isArray(value)) return value.map((one) => replaced(one, at))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, held]) => [name, replaced(held, at)]))
}
