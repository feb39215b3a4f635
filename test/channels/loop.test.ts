import { buffer } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { channelContract } from '../support/channel-contract.ts'
import { channelEnv } from '../support/channel-env.ts'
import { stageOf } from '../support/channel-subject.ts'
import { eventually } from '../support/eventually.ts'
import { loopChannel } from '../support/loop-channel/adapter.ts'
import { startLoopPlatform } from '../support/loop-channel/platform.ts'
import { loopFaults } from '../support/loop-channel/platform-faults.ts'
import { openLoop } from '../support/loop-channel/subject.ts'
import { memorySink } from '../support/memory-sink.ts'

const polled = { receives: true, webhook: false, visitors: false }
const hooked = { receives: false, webhook: true, visitors: false }

channelContract('loop (polled)', polled, () => openLoop())
channelContract('loop (polled, with keys)', polled, () => openLoop({ idempotent: true }))
channelContract('loop (polled, confirming)', polled, () => openLoop({ confirm: true }))
channelContract('loop (webhook)', hooked, () => openLoop({}, { receive: 'webhook' }))
channelContract('loop (both)', { ...polled, webhook: true }, () => openLoop({}, { receive: 'both' }))

describe('the loop channel', () => {
  test('says where a rate limit holds and for how long', async () => {
    const platform = await startLoopPlatform({ limits: { thread: { max: 1, windowMs: 60_000 } } })
    const stage = stageOf({ ...(await openLoop()), settings: platform.settings() })
    const connection = await stage.connect()
    await connection.send(stage.request('first'), AbortSignal.timeout(2_000))
    await expect(connection.send(stage.request('second'), AbortSignal.timeout(2_000))).rejects.toMatchObject({
      failure: { kind: 'rateLimited', scope: 'thread', retryAfterMs: expect.closeTo(60_000, -4) },
    })
    expect(platform.state.held.length).toBe(1)
    await platform.close()
  })

  test('a platform that refuses connections is unavailable, not uncertain', async () => {
    const platform = await startLoopPlatform()
    const stage = stageOf({ ...(await openLoop()), settings: platform.settings() })
    const connection = await stage.connect()
    await platform.refuse()
    await expect(connection.send(stage.request('anyone?'), AbortSignal.timeout(2_000))).rejects.toMatchObject({
      failure: { kind: 'unavailable' },
    })
    await platform.resume()
    await connection.send(stage.request('there you are'), AbortSignal.timeout(2_000))
    await platform.close()
  })

  test('its own messages come back with their key where it has echoes', async () => {
    const platform = await startLoopPlatform({ echo: true, confirm: true })
    const stage = stageOf({ ...(await openLoop()), settings: platform.settings() })
    const connection = await stage.connect()
    const request = stage.request('an echo')
    const sink = memorySink()
    const run = stage.receiving(connection, sink)
    const receipt = await connection.send(request, AbortSignal.timeout(2_000))
    await eventually(() => sink.events.length === 1)
    await run.stop()
    const expected = { kind: 'echo', externalId: receipt.externalId, idempotencyKey: request.idempotencyKey }
    expect(sink.events[0]).toMatchObject(expected)
    await platform.close()
  })

  test('gives the bytes of a file that a message came with', async () => {
    const platform = await startLoopPlatform()
    const stage = stageOf({ ...(await openLoop()), settings: platform.settings() })
    const connection = await stage.connect()
    const file = platform.file('receipt.txt', 'text/plain', Buffer.from('paid'))
    const chat = { id: 'chat-1' }
    platform.happen({ type: 'message', chat, from: { id: 'p' }, message: 'm', text: '', files: [file] })
    const sink = memorySink()
    const run = stage.receiving(connection, sink)
    await eventually(() => sink.events.length === 1)
    await run.stop()
    const [event] = sink.events
    const [attachment] = event?.kind === 'message' ? (event.attachments ?? []) : []
    expect(attachment).toMatchObject({ name: 'receipt.txt', type: 'text/plain', size: 4 })
    if (!attachment) throw new Error('no attachment')
    const bytes = await buffer(await connection.download(attachment, AbortSignal.timeout(2_000)))
    expect(bytes.toString()).toBe('paid')
    await platform.close()
  })

  test('a poll that fails ends receiving with what it means', async () => {
    const platform = await startLoopPlatform()
    const connection = await loopChannel.connect(platform.settings(), channelEnv())
    for (const fault of [loopFaults.html502, loopFaults.lostAnswer, loopFaults.truncated, loopFaults.wrongShape]) {
      platform.failPolls(fault)
      const ended = connection.receive(null, memorySink(), new AbortController().signal)
      await expect(ended, fault.name).rejects.toMatchObject({ failure: { kind: 'unavailable' } })
    }
    platform.failPolls(loopFaults.auth)
    const refused = connection.receive(null, memorySink(), new AbortController().signal)
    await expect(refused).rejects.toMatchObject({ failure: { kind: 'auth' } })
    await platform.close()
  })
})
