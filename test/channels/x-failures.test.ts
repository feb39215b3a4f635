import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { ChannelError, type ChannelFailure } from '../../src/channel/errors.ts'
import { xFaults } from '../support/stand-ins/x/faults.ts'
import { under, withAda, xStage } from '../support/stand-ins/x/stage.ts'
import { ada } from '../support/stand-ins/x/state.ts'
import { secretsOf } from '../support/stand-ins/x/subject.ts'

/** Of a machine that does something else meanwhile. */
const eventual = <T>(read: () => T) => expect.poll(read, { timeout: 15_000 })
const soon = () => AbortSignal.timeout(2_000)
const failureOf = async (promise: Promise<unknown>): Promise<ChannelError> => {
  const error: unknown = await promise.catch((thrown: unknown) => thrown)
  if (error instanceof ChannelError) return error
  throw new Error('no ChannelError', { cause: error })
}

type Row = readonly [seen: string, fault: keyof typeof xFaults, dm: ChannelFailure, post: ChannelFailure]
const both = (seen: string, fault: keyof typeof xFaults, failure: ChannelFailure): Row => [
  seen,
  fault,
  failure,
  failure,
]
const rejected = (reason: 'blocked' | 'threadGone' | 'tooLarge' | 'unsupported' | 'other') =>
  ({ kind: 'rejected', reason }) as const
const limited = (retryAfterMs: number) => ({ kind: 'rateLimited', retryAfterMs, scope: 'thread' }) as const

/** What is seen, and what it means for a direct message and for a public reply. */
const rows: readonly Row[] = [
  both('401', 'unauthorized', { kind: 'auth' }),
  both('402: no credit, the administrator must act', 'noCredit', { kind: 'auth' }),
  both('usage capped', 'capped', { kind: 'auth' }),
  ['403: this person cannot be written to', 'blocked', rejected('blocked'), rejected('unsupported')],
  both('403: not in the plan', 'plan', rejected('unsupported')),
  both('403: the same text again', 'duplicate', rejected('other')),
  both('404', 'gone', rejected('threadGone')),
  both('400', 'badRequest', rejected('other')),
  both('400 whose errors are null, which would end the process inside the library', 'nullErrors', rejected('other')),
  both('429 with its reset', 'rateLimited', limited(60_000)),
  both('429 without a header: 15 minutes', 'rateLimitedBare', limited(15 * 60_000)),
  both('420', 'calm', limited(15 * 60_000)),
  both('500', 'error500', { kind: 'uncertain' }),
  both('502 as a page of a gateway', 'html502', { kind: 'uncertain' }),
  both('503', 'error503', { kind: 'uncertain' }),
  both('a connection cut after it was taken', 'lostAnswer', { kind: 'uncertain' }),
  both('an answer cut in the middle', 'truncated', { kind: 'uncertain' }),
  both('garbage with a yes', 'wrongType', { kind: 'uncertain' }),
  both('a yes that names no message', 'wrongShape', { kind: 'uncertain' }),
]

describe('what X answers means', () => {
  for (const [seen, fault, dm, post] of rows) {
    test(seen, async () => {
      const stage = await xStage()
      const root = await stage.x.post(`@${stage.x.state.me.username} hi`)
      const connection = await stage.connect()
      const requests = [
        stage.request({ text: 'one' }, withAda(stage.x)),
        stage.request({ text: 'two', replyTo: root.id }, under(root.id)),
      ]
      for (const [index, expected] of [dm, post].entries()) {
        stage.x.fail(xFaults[fault])
        const { failure, message } = await failureOf(connection.send(requests[index]!, soon()))
        const { retryAfterMs: wait, ...rest } = { retryAfterMs: 0, ...failure }
        const { retryAfterMs: right, ...restExpected } = { retryAfterMs: 0, ...expected }
        expect(rest).toEqual(restExpected)
        expect(Math.abs(wait - right)).toBeLessThanOrEqual(20_000)
        expect(message.length).toBeGreaterThan(10)
      }
    })
  }

  test('an address that cannot be reached: nothing was sent', async () => {
    const stage = await xStage()
    const connection = await stage.connect()
    await stage.x.refuse()
    const request = stage.request({ text: 'hello?' }, withAda(stage.x))
    expect((await failureOf(connection.send(request, soon()))).failure).toEqual({ kind: 'unavailable' })
    await stage.x.resume()
    await connection.send(request, soon())
  })

  test('a blocked customer is told as such, a text that is too long as well', async () => {
    const stage = await xStage()
    const connection = await stage.connect()
    stage.x.state.blocked.add(ada.id)
    const request = stage.request({ text: 'hello?' }, withAda(stage.x))
    expect((await failureOf(connection.send(request, soon()))).failure).toEqual(rejected('blocked'))
    stage.x.state.blocked.clear()
    const payload = { text: 'x'.repeat(10_001), files: [] }
    const long = { ...request, part: { ...request.part, payload } }
    expect((await failureOf(connection.send(long, soon()))).failure).toEqual(rejected('tooLarge'))
  })

  test('X’s own limits: the sixteenth direct message of a window waits for its end', async () => {
    const stage = await xStage()
    stage.x.limits(1)
    const connection = await stage.connect()
    for (let index = 0; index < 15; index++) {
      await connection.send(stage.request({ text: `number ${index}` }, withAda(stage.x)), soon())
    }
    const { failure } = await failureOf(connection.send(stage.request({ text: 'one more' }, withAda(stage.x)), soon()))
    expect(failure).toMatchObject({ kind: 'rateLimited', scope: 'thread' })
    expect((failure as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(14 * 60_000)
    expect(stage.x.state.dms.length).toBe(15)
  })

  test('no answer, no error and no log line repeats a secret or what was written', async () => {
    const stage = await xStage({ auth: 'both' })
    const connection = await stage.connect()
    const said: string[] = []
    for (const fault of Object.values(xFaults)) {
      stage.x.fail(fault)
      const error = await failureOf(
        connection.send(stage.request({ text: 'my card is 4242' }, withAda(stage.x)), AbortSignal.timeout(100)),
      )
      said.push(error.message, inspect(error, { depth: 10 }))
    }
    const all = [...said, ...stage.env.lines].join('\n')
    for (const secret of [...secretsOf(stage.x), '4242']) expect(all.includes(secret), secret).toBe(false)
  })
})

describe('credentials of X', () => {
  test('OAuth 1.0a: the signature covers the query, each nonce is new, a wrong secret is refused', async () => {
    const stage = await xStage()
    const connection = await stage.connect()
    const run = stage.receiving(connection)
    await eventual(() => stage.x.state.requests.length).toBeGreaterThan(4)
    await run.stop()
    expect(stage.x.state.requests.every(({ auth, status }) => auth === 'oauth1' && status === 200)).toBe(true)
    const wrong = await xStage({ settings: { accessSecret: 'another-secret' } })
    const error = await failureOf(wrong.connect())
    expect(error.failure).toEqual({ kind: 'auth' })
    expect(error.message).toContain('Read and write and Direct message')
  })

  test('OAuth 2: the refresh token is used once, and the new pair kept before its access token is used', async () => {
    const order: string[] = []
    const stage = await xStage({ auth: 'oauth2' })
    const { x, env } = stage
    const first = x.state.credentials.refreshToken
    const rotate = env.rotateCredentials.bind(env)
    Object.assign(env, {
      rotateCredentials: async (next: (current: Record<string, unknown>) => Promise<Record<string, unknown>>) => {
        const changed = await rotate(next)
        order.push(`kept with ${x.state.requests.length} calls made`)
        expect(changed['refreshToken']).toBe(x.state.credentials.refreshToken)
        return changed
      },
    })
    const connection = await stage.connect()
    await connection.send(stage.request({ text: 'hello' }, withAda(x)), soon())
    expect(order).toEqual(['kept with 0 calls made'])
    expect(x.state.credentials.refreshToken).not.toBe(first)
  })

  test('OAuth 2: many calls at once buy one token; one that X withdrew early is bought again, once', async () => {
    const stage = await xStage({ auth: 'oauth2' })
    const { x } = stage
    const connection = await stage.connect()
    x.state.tokens.clear()
    await Promise.all(
      [1, 2, 3].map((index) => connection.send(stage.request({ text: `n ${index}` }, withAda(x)), soon())),
    )
    expect(x.state.dms.length).toBe(3)
    expect(x.state.tokens.size).toBeLessThanOrEqual(3)
  })

  test('OAuth 2: a refresh token that was used already is auth, and says what to do', async () => {
    const stage = await xStage({ auth: 'oauth2', settings: { refreshToken: 'used-before' } })
    const error = await failureOf(stage.connect())
    expect(error.failure).toEqual({ kind: 'auth' })
    expect(error.message).toContain('new refresh token')
  })

  test('a token endpoint that fails is unavailable, not refused', async () => {
    const stage = await xStage({ auth: 'oauth2' })
    await stage.x.refuse()
    expect((await failureOf(stage.connect())).failure).toEqual({ kind: 'unavailable' })
  })
})
