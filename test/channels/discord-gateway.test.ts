import { describe, expect, test } from 'vitest'
import { discordChannel } from '../../channels/discord/index.ts'
import { parseSettings } from '../../channels/discord/settings.ts'
import { eventually } from '../support/eventually.ts'
import { discordFaults } from '../support/stand-ins/discord/faults.ts'
import { direct, discordStage, textsOf } from '../support/stand-ins/discord/stage.ts'

const patience = { timeoutMs: 12_000 }

describe('the connection to Discord', () => {
  test.each([
    ['a socket that breaks', 'dropAll'],
    ['op 7, "reconnect"', 'reconnect'],
    ['a close that may be resumed', 'close4000'],
    ['heartbeats that nobody answers', 'zombie'],
  ])('resumes after %s, without loss or repeat', async (_name, how) => {
    const { platform, sink, start } = await discordStage()
    const { who, channel } = direct(platform)
    const { gateway } = platform
    const run = start()
    await eventually(() => gateway.sessions.length === 1, patience)
    platform.write(channel, who, 'before')
    await eventually(() => sink.events.length === 1, patience)
    if (how === 'dropAll') gateway.dropAll()
    if (how === 'reconnect') gateway.send({ op: 7, d: null })
    if (how === 'close4000') gateway.closeAll(4000)
    gateway.switches.withholdAcks = how === 'zombie'
    await eventually(() => gateway.sessions[0]?.socket === null || gateway.counts.resumes > 0, patience)
    platform.write(channel, who, 'while away')
    gateway.switches.withholdAcks = false
    await eventually(() => gateway.counts.resumes > 0, patience)
    platform.write(channel, who, 'after')
    await eventually(() => sink.events.length === 3, patience)
    expect(textsOf(sink.events)).toEqual(['message: before', 'message: while away', 'message: after'])
    expect(gateway.counts.identifies).toBe(1)
    await run.stop()
  })

  test('goes to an address of its own where one is set, also to resume', async () => {
    const { platform, start } = await discordStage(({ state }) => ({
      gatewayUrl: `ws://127.0.0.1:${state.port}/gateway-proxy`,
    }))
    const { gateway } = platform
    const run = start()
    await eventually(() => gateway.sessions.length === 1, patience)
    gateway.dropAll()
    await eventually(() => gateway.counts.resumes > 0, patience)
    expect(gateway.paths.map((path) => path.split('?')[0])).toEqual(['/gateway-proxy', '/gateway-proxy'])
    await run.stop()
  })

  test('asks again for what came but was not committed', async () => {
    const { platform, sink, start } = await discordStage()
    const { who, channel } = direct(platform)
    const run = start()
    await eventually(() => platform.gateway.sessions.length === 1, patience)
    platform.write(channel, who, 'one')
    await eventually(() => sink.events.length === 1, patience)
    sink.hold()
    platform.write(channel, who, 'two')
    await eventually(() => sink.waiting === 1, patience)
    // The process dies with "two" in its hands.
    void run.stop()
    const { cursor } = sink
    const again = start(JSON.parse(JSON.stringify(cursor)))
    await eventually(() => sink.waiting === 2, patience)
    sink.release()
    await eventually(
      () => sink.events.filter((event) => 'text' in event && event.text === 'two').length === 2,
      patience,
    )
    expect(new Set(sink.events.map(({ eventId }) => eventId)).size).toBe(2)
    expect(platform.gateway.counts).toMatchObject({ identifies: 1 })
    await again.stop()
  })

  test('a session that cannot be resumed is begun anew, and the history gives what was missed, in order, with its edits', async () => {
    const { platform, sink, start } = await discordStage((platform) => ({
      supportChannels: [{ id: platform.channel('support').id, open: 'button' }],
    }))
    const door = [...platform.state.channels.values()][0]!
    const { who, channel } = direct(platform)
    const thread = platform.thread(door, 'A matter')
    const archived = platform.thread(door, 'Another matter')
    const run = start()
    await eventually(() => platform.gateway.sessions.length === 1, patience)
    const first = platform.write(channel, who, 'before')
    platform.write(thread, who, 'in the thread')
    await eventually(() => sink.events.length === 2, patience)
    await run.stop()
    for (let n = 1; n <= 150; n += 1) platform.write(thread, who, `missed ${n}`)
    platform.write(channel, who, 'missed directly')
    platform.write(archived, who, 'missed and archived')
    archived.archived = true
    platform.edit(first, 'before, mended')
    platform.gateway.switches.invalidateResumes = 1
    const again = start()
    await eventually(() => new Set(sink.events.map((one) => one.eventId)).size === 2 + 150 + 3, { timeoutMs: 15_000 })
    platform.write(channel, who, 'live again')
    await eventually(() => expect(textsOf(sink.events)).toContain('message: live again'), patience)
    await again.stop()
    const once = [...new Map(sink.events.map((event) => [event.eventId, event])).values()]
    const inThread = once.filter((event) => event.thread.key === `${door.id}/${thread.id}`)
    expect(textsOf(inThread).slice(1)).toEqual(Array.from({ length: 150 }, (_, n) => `message: missed ${n + 1}`))
    expect(textsOf(once)).toEqual(
      expect.arrayContaining(['edit: before, mended', 'message: missed directly', 'message: missed and archived']),
    )
    expect(platform.gateway.counts).toMatchObject({ identifies: 2 })
  })

  test('a refused token ends it with what to do, and so does an intent that is switched off', async () => {
    const { platform, start } = await discordStage((platform) => ({
      supportChannels: [{ id: platform.channel('support').id }],
    }))
    platform.state.grantedIntents = 0
    await expect(start().ended).rejects.toMatchObject({
      failure: { kind: 'auth' },
      message: expect.stringContaining('Message Content Intent'),
    })
    platform.state.grantedIntents = 1 << 15
    const run = start()
    await eventually(() => platform.gateway.sessions.length === 1, patience)
    platform.gateway.closeAll(4004)
    await expect(run.ended).rejects.toMatchObject({
      failure: { kind: 'auth' },
      message: expect.stringContaining('reset it on the Bot page'),
    })
    expect(platform.gateway.counts.connections).toBe(2)
  })

  test('an upgrade that is refused is left to the supervisor, not asked for twice a second', async () => {
    const { platform, start } = await discordStage()
    platform.gateway.switches.refuseUpgrades = [503, 503, 503]
    await expect(start().ended).rejects.toMatchObject({ failure: { kind: 'unavailable' } })
    expect(platform.gateway.switches.refuseUpgrades).toHaveLength(2)
  })

  test('a history that is asked for too fast is waited for, and read on where it was', async () => {
    const { platform, sink, start } = await discordStage((platform) => ({
      supportChannels: [{ id: platform.channel('support').id, open: 'button' }],
    }))
    const who = platform.person('Ada')
    const thread = platform.thread([...platform.state.channels.values()][0]!, 'A matter')
    for (let n = 1; n <= 250; n += 1) platform.write(thread, who, `${n}`)
    const slowed = (matches: RegExp, left: number) =>
      platform.state.faults.push({ matches, fault: discordFaults.limitedUser, left })
    slowed(/^GET .*\/messages/, 2)
    slowed(/^GET .*\/members/, 1)
    slowed(/^GET .*\/threads/, 1)
    slowed(/^POST .*\/commands/, 1)
    const run = start()
    await eventually(() => sink.cursor !== null, patience)
    await run.stop()
    expect(textsOf(sink.events)).toEqual(Array.from({ length: 250 }, (_, n) => `message: ${n + 1}`))
    expect(platform.gateway.counts.identifies).toBe(1)
  })

  test('ends within a second, also while Discord does not answer', async () => {
    const { platform, sink, start } = await discordStage((platform) => ({
      supportChannels: [{ id: platform.channel('support').id, open: 'everyMessage' }],
    }))
    const run = start()
    await eventually(() => sink.cursor !== null, patience)
    platform.state.faults.push({ matches: /^GET .*\/channels/, fault: discordFaults.silence, left: 9 })
    const elsewhere = platform.channel('elsewhere')
    platform.write(elsewhere, platform.person('Ada'), 'hello?')
    await eventually(() => platform.state.faults[0]!.left < 9, patience)
    const before = performance.now()
    await run.stop()
    expect(performance.now() - before).toBeLessThan(1_000)
    await eventually(() => platform.gateway.open() === 0)
  })

  test('leaves no socket behind when it is ended while it connects', async () => {
    const { platform, start } = await discordStage()
    for (const wait of [0, 1, 2, 4, 8, 16, 32]) {
      const { connections } = platform.gateway.counts
      const run = start()
      await new Promise((resolve) => setTimeout(resolve, wait))
      await run.stop()
      if (platform.gateway.counts.connections > connections) await eventually(() => platform.gateway.open() === 0)
    }
    await eventually(() => platform.gateway.open() === 0)
    expect(platform.gateway.counts.identifies).toBeLessThanOrEqual(platform.gateway.counts.connections)
  })

  test('what the history and the gateway both tell comes once', async () => {
    const { platform, sink, start } = await discordStage((platform) => ({
      supportChannels: [{ id: platform.channel('support').id, open: 'button' }],
    }))
    const door = [...platform.state.channels.values()][0]!
    const who = platform.person('Ada')
    const thread = platform.thread(door, 'A matter')
    platform.write(thread, who, 'before')
    let spoken = false
    platform.state.onCall = ({ path }) => {
      if (spoken || !path.startsWith(`/channels/${thread.id}/messages`)) return
      spoken = true
      platform.write(thread, who, 'meanwhile')
    }
    const run = start()
    await eventually(() => spoken, patience)
    platform.write(thread, who, 'after')
    await eventually(() => expect(textsOf(sink.events)).toContain('message: after'), patience)
    await run.stop()
    expect(textsOf(sink.events)).toEqual(['message: before', 'message: meanwhile', 'message: after'])
  })

  test('an event that is told twice has one id', async () => {
    const { platform, sink, start } = await discordStage()
    const { who, channel } = direct(platform)
    const run = start()
    await eventually(() => platform.gateway.sessions.length === 1, patience)
    platform.gateway.switches.doubled = 1
    platform.write(channel, who, 'twice')
    await eventually(() => sink.events.length === 2, patience)
    expect(new Set(sink.events.map(({ eventId }) => eventId)).size).toBe(1)
    await run.stop()
  })

  test('a support channel that is added later is heard at once: the session begins anew', async () => {
    const { platform, sink, env, start } = await discordStage()
    const run = start()
    await eventually(() => sink.cursor !== null, patience)
    await run.stop()
    const door = platform.channel('support')
    const settings = parseSettings(platform.settings({ supportChannels: [{ id: door.id, open: 'everyMessage' }] }))
    const connection = await discordChannel.connect(settings, env)
    const stop = new AbortController()
    const ended = connection.receive(sink.cursor, sink, stop.signal)
    await eventually(() => platform.gateway.counts.identifies === 2, patience)
    platform.write(door, platform.person('Ada'), 'anybody?')
    await eventually(() => sink.events.length === 1, patience)
    stop.abort()
    await ended
    await connection.close()
  })

  test('without support channels it does not ask to read what servers say', async () => {
    const { platform, start } = await discordStage()
    platform.state.grantedIntents = 0
    const run = start()
    await eventually(() => platform.gateway.sessions.length === 1, patience)
    expect(platform.gateway.sessions[0]!.intents & ((1 << 15) | (1 << 9))).toBe(0)
    await run.stop()
  })
})
