import { expect, test } from 'vitest'
import type { VisitorMessage, VisitorRef } from '../../src/channel/contract.ts'
import { ChannelError } from '../../src/channel/errors.ts'
import type { Stage } from './channel-subject.ts'
import { memorySink } from './memory-sink.ts'

export function webhookClauses(stage: () => Promise<Stage>): void {
  test('a webhook is answered with yes only after the commit', async () => {
    const { connect, subject } = await stage()
    const connection = await connect()
    const sink = memorySink()
    sink.hold()
    let answered = false
    const answer = connection.handleWebhook?.(subject.standIn.webhook?.('by hook') as never, sink).then((response) => {
      answered = true
      return response
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(answered).toBe(false)
    sink.release()
    expect((await answer)?.status).toBe(200)
    expect(sink.events.map((event) => event.kind)).toEqual(['message'])
    await connection.close()
  })

  test('a commit that is refused is not answered with yes', async () => {
    const { connect, subject } = await stage()
    const connection = await connect()
    const sink = memorySink()
    sink.refuse()
    const status = await connection.handleWebhook?.(subject.standIn.webhook?.('by hook') as never, sink).then(
      (response) => response.status,
      () => 503,
    )
    expect(status).toBeGreaterThanOrEqual(500)
    await connection.close()
  })

  test('a webhook that comes again is the same event', async () => {
    const { connect, subject } = await stage()
    const connection = await connect()
    const sink = memorySink()
    const call = subject.standIn.webhook?.('twice') as never
    await connection.handleWebhook?.(call, sink)
    await connection.handleWebhook?.(call, sink)
    expect(sink.events.length).toBe(2)
    expect(new Set(sink.events.map((event) => event.eventId)).size).toBe(1)
    await connection.close()
  })

  test('a webhook whose signature is wrong, missing, doubled or of another body commits nothing', async () => {
    const { connect, subject } = await stage()
    const connection = await connect()
    const sink = memorySink()
    const right = subject.standIn.webhook?.('forged')
    if (!right) throw new Error('the stand-in makes no webhook calls')
    const bent = (value: string) => `${value.slice(0, -1)}${value.endsWith('0') ? '1' : '0'}`
    const changed = (change: (value: string | string[] | undefined) => string | string[] | undefined) =>
      Object.fromEntries(Object.entries(right.headers).map(([name, value]) => [name, change(value)]))
    const forgeries = [
      { ...right, headers: {} },
      { ...right, headers: changed((value) => (typeof value === 'string' ? bent(value) : value)) },
      { ...right, headers: changed((value) => [value, value].flat().filter((one) => one !== undefined)) },
      { ...right, body: Buffer.concat([right.body, Buffer.from(' ')]) },
      { ...right, body: Buffer.alloc(0) },
    ]
    for (const forged of forgeries) {
      const answer = await connection.handleWebhook?.(forged, sink)
      expect(answer?.status).toBeGreaterThanOrEqual(400)
    }
    expect(sink.batches).toEqual([])
    await connection.close()
  })
}

export function visitorClauses(stage: () => Promise<Stage>): void {
  const visitor: VisitorRef = { id: '7' }
  const message: VisitorMessage = {
    visitor,
    clientId: '2f1c6a0e-8d3b-4c55-9a51-0c6e3f1a7b20',
    text: 'hello',
    attachments: [],
    at: new Date('2026-03-02T09:00:00Z'),
  }

  test('the visitor door gives the same event for the same client id, and another for another', async () => {
    const { connect } = await stage()
    const connection = await connect()
    const door = connection.visitors
    if (!door) throw new Error('no visitor door')
    const first = door.message(message)
    const again = door.message({ ...message, at: new Date('2026-03-02T10:00:00Z') })
    expect(again.eventId).toBe(first.eventId)
    expect(door.message({ ...message, clientId: 'another' }).eventId).not.toBe(first.eventId)
    expect(door.message({ ...message, visitor: { id: '8' } }).eventId).not.toBe(first.eventId)
    expect(first).toMatchObject({ kind: 'message', text: 'hello', clientId: message.clientId })
    expect(first.thread).toEqual(door.thread(visitor))
    expect(door.thread({ id: '8' }).key).not.toBe(first.thread.key)
    expect(JSON.parse(JSON.stringify(first.raw))).toEqual(first.raw)
    await connection.close()
  })

  test('the visitor door takes no identity that nobody signed', async () => {
    const { connect } = await stage()
    const connection = await connect()
    const none = `${btoa('{"alg":"none"}')}.${btoa('{"sub":"1"}')}.`.replaceAll('=', '')
    for (const token of ['', 'x', 'a.b.c', none]) {
      const thrown: unknown = await connection.visitors?.verifyIdentity(token).catch((error: unknown) => error)
      expect(thrown, token).toBeInstanceOf(ChannelError)
      expect((thrown as ChannelError).failure.kind).toBe('rejected')
    }
    await connection.close()
  })

  test('programs without an origin are let in; strange origins change nothing but the answer', async () => {
    const { connect } = await stage()
    const connection = await connect()
    expect(connection.visitors?.allowsOrigin(undefined)).toBe(true)
    for (const origin of ['', 'null', 'https://', 'javascript:alert(1)', '\u0000', 'x'.repeat(10_000)]) {
      expect(typeof connection.visitors?.allowsOrigin(origin)).toBe('boolean')
    }
    await connection.close()
  })
}
