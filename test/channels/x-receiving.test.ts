import { describe, expect, test } from 'vitest'
import type { InboundEvent, InboundSink, WebhookRequest } from '../../src/channel/contract.ts'
import { xFaults } from '../support/stand-ins/x/faults.ts'
import { withAda, type XStage, xStage } from '../support/stand-ins/x/stage.ts'
import { grace } from '../support/stand-ins/x/state.ts'

/** Of a machine that does something else meanwhile. */
const eventual = <T>(read: () => T) => expect.poll(read, { timeout: 15_000 })
const textsOf = (events: readonly InboundEvent[]) => events.flatMap((one) => (one.kind === 'message' ? [one.text] : []))
const numbered = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => `message ${from + i}`)
const listsOf = ({ x }: XStage) =>
  x.state.requests.filter(({ path }) => path === '/2/dm_events').map(({ query }) => query)

describe('receiving from X by polling', () => {
  test('catch-up after downtime: pages newest first back to the cursor, hands over oldest first, once', async () => {
    const stage = await xStage()
    const { x, sink } = stage
    await x.dm('before')
    const first = stage.receiving(await stage.connect())
    await eventual(() => sink.events.length).toBe(1)
    await first.stop()
    for (const text of numbered(1, 350)) await x.dm(text)
    const root = await x.post(`@${x.state.me.username} and in public`)
    const second = stage.receiving(await stage.connect(), sink.cursor)
    await eventual(() => sink.events.length).toBe(352)
    await second.stop()
    expect(textsOf(sink.events).filter((text) => text.startsWith('message'))).toEqual(numbered(1, 350))
    expect(sink.cursor).toEqual({ dm: x.state.dms.at(-1)?.id, mention: root.id })
    const again = stage.receiving(await stage.connect(), sink.cursor)
    await new Promise((resolve) => setImmediate(resolve))
    await again.stop()
    expect(sink.events.length).toBe(352)
  })

  test('a quiet minute asks for ten messages only, each being paid for', async () => {
    const stage = await xStage({ settings: { mentions: false } })
    await stage.x.dm('hello')
    const run = stage.receiving(await stage.connect())
    await eventual(() => listsOf(stage).length).toBeGreaterThan(3)
    await run.stop()
    expect(
      listsOf(stage)
        .map(({ max_results }) => max_results)
        .slice(0, 3),
    ).toEqual(['100', '10', '10'])
  })

  test('the committed message being deleted at X loses nothing', async () => {
    const stage = await xStage()
    const { x, sink } = stage
    await x.dm('one')
    const first = stage.receiving(await stage.connect())
    await eventual(() => sink.events.length).toBe(1)
    await first.stop()
    x.state.dms.pop()
    await x.dm('two')
    const second = stage.receiving(await stage.connect(), sink.cursor)
    await eventual(() => textsOf(sink.events)).toEqual(['one', 'two'])
    await second.stop()
  })

  test('what came before the inbox began is counted, not told', async () => {
    const stage = await xStage({ env: { importFrom: new Date(Date.now() + 3_600_000) } })
    await stage.x.dm('long ago')
    await stage.x.dm('before as well')
    const run = stage.receiving(await stage.connect())
    await eventual(() => stage.sink.ignored).toBe(2)
    await run.stop()
    expect(stage.sink.events).toEqual([])
  })

  test('the limit of direct messages is waited out, told in the health, and does not hold up mentions', async () => {
    const stage = await xStage()
    const { x, sink } = stage
    x.limits(1)
    const run = stage.receiving(await stage.connect())
    await eventual(() => listsOf(stage).length).toBeGreaterThanOrEqual(15)
    await eventual(() => stage.warnings.at(-1)).toMatch(/no more looks at direct messages until \d\d:\d\d UTC/)
    await x.dm('must wait')
    await x.post(`@${x.state.me.username} must not`)
    await eventual(() => textsOf(sink.events)).toEqual([`@${x.state.me.username} must not`])
    await run.stop()
    // X said that nothing was left: it was believed, not tried.
    expect(x.state.requests.filter(({ status }) => status === 429)).toEqual([])
  })

  test('where the plan forbids mentions, direct messages go on, and the health says why', async () => {
    const stage = await xStage()
    stage.x.state.forbidden.add(`/2/users/${stage.x.state.me.id}/mentions`)
    const run = stage.receiving(await stage.connect())
    await eventual(() => stage.warnings.at(-1) ?? '').toContain('No mentions come in')
    await stage.x.dm('still here')
    await eventual(() => textsOf(stage.sink.events)).toEqual(['still here'])
    await run.stop()
  })

  test('where the plan forbids what we send, the health says so until it works again', async () => {
    const stage = await xStage()
    const { x, request } = stage
    const connection = await stage.connect()
    const run = stage.receiving(connection)
    await x.dm('hello')
    await eventual(() => textsOf(stage.sink.events)).toEqual(['hello'])
    const send = () => connection.send(request({ text: 'hello you' }, withAda(x)), AbortSignal.timeout(2_000))
    x.state.forbidden.add('/2/dm_conversations')
    await expect(send()).rejects.toMatchObject({ failure: { reason: 'unsupported' } })
    await eventual(() => stage.warnings.at(-1) ?? '').toMatch(
      /^No direct messages can be sent\. .*approved developer account/,
    )
    x.state.forbidden.clear()
    await send()
    expect(stage.warnings.at(-1)).toBeNull()
    await run.stop()
  })

  test('a new run takes back what the one before had said', async () => {
    const stage = await xStage()
    const run = stage.receiving(await stage.connect())
    await eventual(() => stage.warnings).toEqual([null])
    await run.stop()
  })

  test('fields that X has renamed are asked for by the other names', async () => {
    const stage = await xStage()
    stage.x.state.oldWords = true
    const shared = await stage.x.post('a post to share', { from: grace })
    await stage.x.dm('look', { posts: [shared.id] })
    await stage.x.post(`@${stage.x.state.me.username} old words`)
    const run = stage.receiving(await stage.connect())
    await eventual(() => textsOf(stage.sink.events).length).toBe(2)
    await run.stop()
    expect(textsOf(stage.sink.events).join()).toContain('> a post to share')
  })

  test('a poll that fails ends receiving with what it means', async () => {
    const stage = await xStage({ settings: { mentions: false } })
    const connection = await stage.connect()
    for (const fault of [xFaults.html502, xFaults.truncated, xFaults.wrongType]) {
      stage.x.failReads(fault)
      await expect(stage.receiving(connection).ended, fault.name).rejects.toMatchObject({
        failure: { kind: 'unavailable' },
      })
    }
    stage.x.failReads(xFaults.noCredit)
    await expect(stage.receiving(connection).ended).rejects.toMatchObject({ failure: { kind: 'auth' } })
  })
})

const hooked = { auth: 'both', settings: { receive: 'webhook' } } as const
const publicUrl = 'https://desk.example'

/** X reaches the connection under its public name. */
async function openHook(sinkOf: (stage: XStage) => InboundSink = ({ sink }) => sink) {
  const stage = await xStage({ ...hooked, env: { publicUrl } })
  const connection = await stage.connect()
  const statuses: number[] = []
  stage.x.reach(async ({ method, url, headers, body }) => {
    const request: WebhookRequest = { method, query: Object.fromEntries(url.searchParams), headers, body }
    const answer = await connection.handleWebhook!(request, sinkOf(stage))
    statuses.push(answer.status)
    return { status: answer.status, body: answer.body ?? '' }
  })
  return { stage, connection, statuses }
}

describe('receiving from X by webhook', () => {
  test('registers the address, passes the challenge, subscribes once, and tells messages, echoes, reading and typing', async () => {
    const { stage, connection } = await openHook()
    const { x, sink } = stage
    const run = stage.receiving(connection)
    await eventual(() => x.state.subscriptions.length).toBe(8)
    expect(x.state.hooks).toMatchObject([{ url: `${publicUrl}/hooks/1`, valid: true }])
    const { externalId } = await connection.send(
      stage.request({ text: 'ours' }, withAda(x)),
      AbortSignal.timeout(2_000),
    )
    await x.dm('hello')
    await x.typing()
    await x.read(externalId)
    await x.encrypted()
    const ids = () => new Set(sink.events.map(({ eventId }) => eventId))
    await eventual(() => ids().size).toBe(4)
    await run.stop()
    expect(new Set(sink.events.map(({ kind }) => kind))).toEqual(new Set(['echo', 'message', 'receipt']))
    expect(stage.typing).toEqual([withAda(x).key])
    expect(x.state.subscriptions.length).toBe(8)
  })

  test('a webhook that X switched off is revived, and what it missed is replayed', async () => {
    const { stage, connection } = await openHook()
    const { x, sink } = stage
    const first = stage.receiving(connection)
    await eventual(() => x.state.subscriptions.length).toBe(8)
    await first.stop()
    for (const hook of x.state.hooks) hook.valid = false
    await x.read('2080000000000000001')
    expect(sink.events).toEqual([])
    const second = stage.receiving(connection, sink.cursor)
    await eventual(() => sink.events.map(({ kind }) => kind)).toContain('receipt')
    await second.stop()
    expect(x.state.hooks[0]?.valid).toBe(true)
  })

  test('what a webhook did not bring is found by the look that follows, once', async () => {
    const { stage, connection } = await openHook()
    const { x, sink } = stage
    const run = stage.receiving(connection)
    await eventual(() => x.state.subscriptions.length).toBe(8)
    x.reach(() => Promise.reject(new Error('a cable')))
    await x.dm('unheard')
    await eventual(() => textsOf(sink.events)).toEqual(['unheard'])
    await run.stop()
  })

  test('without a public address it goes on asking, and says what is missing', async () => {
    const stage = await xStage(hooked)
    const run = stage.receiving(await stage.connect())
    await eventual(() => stage.warnings.at(-1) ?? '').toContain('PUBLIC_URL')
    await stage.x.dm('asked for')
    await eventual(() => textsOf(stage.sink.events)).toEqual(['asked for'])
    await run.stop()
  })

  test('the challenge signs no body that a caller made up', async () => {
    const { stage, connection } = await openHook()
    const ask = (crc_token: string) =>
      connection.handleWebhook!({ method: 'GET', query: { crc_token }, headers: {}, body: Buffer.alloc(0) }, stage.sink)
    expect((await ask('Challenge-17')).status).toBe(200)
    for (const token of ['', '{"data":{}}', 'a b', 'x'.repeat(300)]) expect((await ask(token)).status).toBe(400)
  })
})
