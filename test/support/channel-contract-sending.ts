import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import type { ChannelConnection, SendRequest } from '../../src/channel/contract.ts'
import { ChannelError } from '../../src/channel/errors.ts'
import type { ChannelSubject, Stage } from './channel-subject.ts'

/** Shorter than a real send's deadline, longer than any answer of a stand-in that means to answer. */
const deadlineMs = 400

async function refusal(connection: ChannelConnection, request: SendRequest): Promise<ChannelError> {
  const thrown: unknown = await connection.send(request, AbortSignal.timeout(deadlineMs)).then(
    () => new Error('the send succeeded'),
    (error: unknown) => error,
  )
  if (thrown instanceof ChannelError) return thrown
  throw new Error('a connection may reject with ChannelError only', { cause: thrown })
}

function tells(subject: ChannelSubject, said: string): void {
  for (const secret of subject.secrets) expect(said.includes(secret), 'a secret was told').toBe(false)
}

export function sendingClauses(stage: () => Promise<Stage>): void {
  test('sends one message and names it', async () => {
    const { connect, request, subject } = await stage()
    const connection = await connect()
    const receipt = await connection.send(request('hello there'), AbortSignal.timeout(5_000))
    expect(receipt.externalId).toMatch(/./)
    if (subject.standIn.held) expect(subject.standIn.held()).toEqual(['hello there'])
    await connection.close()
  })

  test('tells each failure for what it is, and never tries a second time', async ({ skip }) => {
    const { connect, request, subject } = await stage()
    skip(subject.sendFaults.length === 0)
    const connection = await connect()
    for (const fault of subject.sendFaults) {
      const before = subject.standIn.held?.().length ?? 0
      fault.arm()
      const error = await refusal(connection, request(`under ${fault.name}`))
      expect.soft(error.failure.kind, fault.name).toBe(fault.means)
      const made = (subject.standIn.held?.().length ?? 0) - before
      expect.soft(made, `messages held after ${fault.name}`).toBe(fault.effect ? 1 : 0)
      if (fault.effect) expect.soft(error.failure.kind, `${fault.name} happened`).toBe('uncertain')
      tells(subject, error.message + inspect(error, { depth: 8 }))
    }
    await connection.close()
  })

  test('an abandoned send is uncertain', async ({ skip }) => {
    const { connect, request, subject } = await stage()
    const silent = subject.sendFaults.find((fault) => fault.name.startsWith('no answer'))
    skip(silent === undefined)
    const connection = await connect()
    silent?.arm()
    expect((await refusal(connection, request('into silence'))).failure).toEqual({ kind: 'uncertain' })
    await connection.close()
  })

  test('sending the same key again changes nothing, where the channel says so', async ({ skip }) => {
    const { connect, request, subject, parsed } = await stage()
    skip(!subject.adapter.capabilities(parsed).idempotentSend)
    const connection = await connect()
    const once = request('only once')
    const first = await connection.send(once, AbortSignal.timeout(5_000))
    const second = await connection.send({ ...once, attempt: 2 }, AbortSignal.timeout(5_000))
    expect(second.externalId).toBe(first.externalId)
    if (subject.standIn.held) expect(subject.standIn.held()).toEqual(['only once'])
    await connection.close()
  })

  test('confirms what was sent though the answer was lost, and knows nothing of what was not', async ({ skip }) => {
    const { connect, request, subject, parsed } = await stage()
    const lost = subject.sendFaults.find((fault) => fault.effect)
    skip(!subject.adapter.capabilities(parsed).confirm || lost === undefined)
    const connection = await connect()
    const wanted = request('did it arrive?')
    expect(await connection.confirm?.(wanted, AbortSignal.timeout(5_000))).toBeNull()
    lost?.arm()
    await refusal(connection, wanted)
    const receipt = await connection.confirm?.(wanted, AbortSignal.timeout(5_000))
    expect(receipt?.externalId).toMatch(/./)
    await connection.close()
  })

  test('refused credentials are auth, at the door and later, and no secret is told', async ({ skip }) => {
    const { connect, request, subject, env } = await stage()
    skip(subject.standIn.refuseCredentials === undefined)
    const connection = await connect()
    subject.standIn.refuseCredentials?.()
    const later = await refusal(connection, request('too late'))
    expect(later.failure).toEqual({ kind: 'auth' })
    const atDoor: unknown = await connect().catch((error: unknown) => error)
    expect(atDoor).toBeInstanceOf(ChannelError)
    expect((atDoor as ChannelError).failure).toEqual({ kind: 'auth' })
    tells(subject, inspect([later, atDoor], { depth: 8 }) + env.lines.join('\n'))
    await connection.close()
  })
}
