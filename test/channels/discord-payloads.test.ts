import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { signIn } from '../../channels/discord/link.ts'
import { hear } from '../../channels/discord/read.ts'
import { parseSettings } from '../../channels/discord/settings.ts'
import { channelEnv } from '../support/channel-env.ts'
import { testClock } from '../support/clock.ts'
import { cpuTimeMs } from '../support/cpu-time.ts'

/** What Discord told, after its published examples, and what it comes to; `rest`: what it answers when it is asked. */
interface Fixture {
  readonly dispatch: { readonly t: string; readonly s: number; readonly d: unknown }
  readonly settings?: Record<string, unknown>
  readonly rest: Readonly<Record<string, unknown>>
  readonly expected: readonly unknown[]
  readonly ignored?: string
  /** The thread in which somebody types. */
  readonly typing?: string
}

const folder = join(import.meta.dirname, 'fixtures/discord')
const account: Record<string, unknown> = {
  'GET /users/@me': { id: '222222222222222222' },
  'GET /applications/@me': { id: '222222222222222222', flags: 1 << 19 },
}
const doors = [{ id: '165176875973476352', open: 'button' }, { id: '1019234567890123456' }]

/** A connection whose Discord knows these answers and no others. */
async function linkTo({ settings = {}, rest }: Pick<Fixture, 'settings' | 'rest'>) {
  const answers: Readonly<Record<string, unknown>> = { ...account, ...rest }
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const call = `${init?.method} ${String(input).replace('https://discord.com/api/v10', '')}`
    if (!(call in answers)) return Response.json({ message: 'Missing Permissions', code: 50013 }, { status: 403 })
    return answers[call] === null ? new Response(null, { status: 204 }) : Response.json(answers[call])
  }
  const env = channelEnv({ fetch, clock: testClock() })
  const token = 'MTMwMDAwMDAwMDAwMDAwMDAwMA.of.the-fixtures'
  return signIn(parseSettings({ token, supportChannels: doors, ...settings }), env)
}

describe('what Discord tells', () => {
  const files = readdirSync(folder).map((file) => file.replace('.json', ''))
  test.each(files.map((file) => [file.replaceAll('-', ' '), file] as const))('%s', async (_name, name) => {
    const fixture = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Fixture
    const { events, ignored, typing } = await hear(await linkTo(fixture), { ...fixture.dispatch, session: 'session' })
    const told = JSON.parse(JSON.stringify(events)) as Record<string, unknown>[]
    for (const event of told) expect(event['raw']).toEqual(fixture.dispatch.d)
    expect(told.map(({ raw: _, ...rest }) => rest)).toEqual(fixture.expected)
    expect(ignored).toBe(fixture.ignored)
    expect(typing).toBe(fixture.typing)
  })
})

describe('whatever Discord may tell', () => {
  const names = readdirSync(folder)
  const kinds = names.map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Fixture)
  const odd = fc.oneof(
    fc.constant(undefined),
    fc.constant(null),
    fc.jsonValue({ maxDepth: 2 }),
    fc.string({ unit: 'binary', maxLength: 3_000 }),
    fc.double(),
  )

  test('is heard or ignored: nothing throws, nothing stalls, every event can be stored', async () => {
    const links = await Promise.all(kinds.map((kind) => linkTo(kind)))
    const spoiled = fc.record({
      at: fc.nat(kinds.length - 1),
      path: fc.array(fc.nat(30), { minLength: 1, maxLength: 4 }),
      by: odd,
    })
    let slowest = 0
    await fc.assert(
      fc.asyncProperty(spoiled, async ({ at, path, by }) => {
        const { t, d } = kinds[at]!.dispatch
        const start = cpuTimeMs()
        const { events } = await hear(links[at]!, { t, s: 7, session: 'session', d: spoil(d, path, by) })
        slowest = Math.max(slowest, cpuTimeMs() - start)
        for (const event of events) {
          expect(event.eventId).toMatch(/^[a-z]:/)
          expect(event.thread.key.length).toBeLessThanOrEqual(512)
          expect(Number.isNaN(event.occurredAt.getTime())).toBe(false)
        }
      }),
      { numRuns: 3_000 },
    )
    expect(slowest).toBeLessThan(1_000)
  })

  test('a text of a million characters of marks is read at once', async () => {
    const link = await linkTo({ rest: {} })
    for (const piece of ['<@1', '<:a', '<@!99999999999999999999>', '`', '*[_', '\ud800', '\n> ']) {
      const author = { id: '53908099506183680', username: 'mason' }
      const d = {
        id: '1284567890123456789',
        channel_id: '319674150115610528',
        author,
        content: piece.repeat(1_000_000 / piece.length),
      }
      const start = cpuTimeMs()
      expect((await hear(link, { t: 'MESSAGE_CREATE', s: 1, session: 's', d })).events).toHaveLength(1)
      expect(cpuTimeMs() - start, piece).toBeLessThan(500)
    }
  })
})

/** The value at a place of it replaced; the numbers choose the way down. */
function spoil(value: unknown, [step = 0, ...rest]: readonly number[], by: unknown): unknown {
  if (typeof value !== 'object' || value === null) return by
  const keys = Object.keys(value)
  const key = keys[step % Math.max(1, keys.length)]
  if (key === undefined) return by
  const inner = (value as Record<string, unknown>)[key]
  const next = rest.length === 0 ? by : spoil(inner, rest, by)
  return Array.isArray(value) ? value.with(Number(key), next) : { ...value, [key]: next }
}
