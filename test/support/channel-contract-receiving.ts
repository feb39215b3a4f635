import { expect, test } from 'vitest'
import type { InboundEvent } from '../../src/channel/contract.ts'
import type { Stage } from './channel-subject.ts'
import { eventually } from './eventually.ts'
import { memorySink } from './memory-sink.ts'

/** Some read what comes in with a thread that must start first, on machines that do something else meanwhile. */
const patience = { timeoutMs: 15_000 }

const textsOf = (events: readonly InboundEvent[]) => events.flatMap((one) => (one.kind === 'message' ? [one.text] : []))
const numbered = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => `message ${from + i}`)

export function receivingClauses(stage: () => Promise<Stage>): void {
  test('receives what was said, once and in order', async () => {
    const { connect, receiving, subject } = await stage()
    const sink = memorySink()
    const connection = await connect()
    const all = numbered(1, 250)
    for (const text of all.slice(0, 150)) await subject.standIn.say?.(text)
    const run = receiving(connection, sink)
    for (const text of all.slice(150)) await subject.standIn.say?.(text)
    await eventually(() => expect(sink.events.length).toBeGreaterThanOrEqual(all.length), patience)
    await run.stop()
    expect(textsOf(sink.events)).toEqual(all)
    expect(new Set(sink.events.map((event) => event.eventId)).size).toBe(all.length)
    await connection.close()
  })

  test('acknowledges nothing before the commit resolved', async () => {
    const { connect, receiving, subject } = await stage()
    const sink = memorySink()
    const connection = await connect()
    await subject.standIn.say?.('first')
    sink.hold()
    const run = receiving(connection, sink)
    await eventually(() => sink.waiting > 0, patience)
    await subject.standIn.say?.('second')
    expect(subject.standIn.acknowledged?.()).toBe(0)
    sink.release()
    await eventually(() => expect(subject.standIn.acknowledged?.()).toBe(2), patience)
    await run.stop()
    await connection.close()
  })

  test('leaves a refused commit unacknowledged, and it comes again from the committed cursor', async () => {
    const { connect, receiving, subject } = await stage()
    const sink = memorySink()
    const connection = await connect()
    await subject.standIn.say?.('kept')
    const first = receiving(connection, sink)
    await eventually(() => sink.events.length === 1, patience)
    sink.refuse()
    await subject.standIn.say?.('refused once')
    await expect(first.ended).rejects.toThrow()
    expect(subject.standIn.acknowledged?.()).toBeLessThanOrEqual(1)
    const second = receiving(connection, sink, sink.cursor)
    await eventually(() => sink.events.length === 2, patience)
    await second.stop()
    expect(textsOf(sink.events)).toEqual(['kept', 'refused once'])
    await connection.close()
  })

  test('resumes from a cursor without loss or repeat', async () => {
    const { connect, receiving, subject } = await stage()
    const sink = memorySink()
    const before = await connect()
    for (const text of numbered(1, 30)) await subject.standIn.say?.(text)
    const run = receiving(before, sink)
    await eventually(() => sink.events.length === 30, patience)
    await run.stop()
    await before.close()
    for (const text of numbered(31, 60)) await subject.standIn.say?.(text)
    const after = await connect()
    const again = receiving(after, sink, JSON.parse(JSON.stringify(sink.cursor)))
    await eventually(() => sink.events.length >= 60, patience)
    await again.stop()
    expect(textsOf(sink.events)).toEqual(numbered(1, 60))
    await after.close()
  })

  test('ends within a second when aborted, and leaves no socket or timer', async () => {
    const { connect, receiving, subject } = await stage()
    const count = (kind: string) => process.getActiveResourcesInfo().filter((one) => one === kind).length
    subject.standIn.dropIdle?.()
    const sockets = count('TCPSocketWrap')
    const connection = await connect()
    const sink = memorySink()
    const run = receiving(connection, sink)
    await subject.standIn.say?.('here')
    await eventually(() => sink.events.length === 1, patience)
    expect(await run.stop()).toBeLessThan(1_000)
    await connection.close()
    await eventually(() => {
      subject.standIn.dropIdle?.()
      expect(count('TCPSocketWrap')).toBeLessThanOrEqual(sockets)
      // Of timers that keep a process alive there is none: the pause of this very wait is over while it looks.
      expect(count('Timeout')).toBe(0)
    })
  })

  test('is stalled by no nonsense, and everything sensible around it arrives', async ({ skip }) => {
    const { connect, receiving, subject } = await stage()
    skip(subject.standIn.sayNonsense === undefined)
    const sink = memorySink()
    const connection = await connect()
    const run = receiving(connection, sink)
    await subject.standIn.say?.('before')
    let uttered = 0
    while (subject.standIn.sayNonsense?.()) uttered += 1
    await subject.standIn.say?.('after')
    await eventually(() => expect(textsOf(sink.events)).toContain('after'), patience)
    await run.stop()
    expect(uttered).toBeGreaterThan(5)
    expect(textsOf(sink.events)[0]).toBe('before')
    await connection.close()
  })

  test('sees its own messages as echo, never as message', async ({ skip }) => {
    const { connect, receiving, subject } = await stage()
    skip(subject.standIn.speakAsUs === undefined)
    const sink = memorySink()
    const connection = await connect()
    const run = receiving(connection, sink)
    await subject.standIn.speakAsUs?.('we said this')
    await subject.standIn.say?.('a customer said this')
    await eventually(() => sink.events.length >= 2, patience)
    await run.stop()
    expect(sink.events.map((event) => event.kind)).toEqual(['echo', 'message'])
    await connection.close()
  })

  test('two connections share no state', async ({ skip }) => {
    const { connect, receiving, subject } = await stage()
    skip(subject.standIn.deliversOnce === true)
    const [one, two] = [await connect(), await connect()]
    const [sinkOne, sinkTwo] = [memorySink(), memorySink()]
    await subject.standIn.say?.('early')
    const runOne = receiving(one, sinkOne)
    await eventually(() => sinkOne.events.length === 1, patience)
    const runTwo = receiving(two, sinkTwo)
    await eventually(() => sinkTwo.events.length === 1, patience)
    await runOne.stop()
    await one.close()
    await subject.standIn.say?.('late')
    await eventually(() => sinkTwo.events.length === 2, patience)
    await runTwo.stop()
    expect(textsOf(sinkOne.events)).toEqual(['early'])
    expect(textsOf(sinkTwo.events)).toEqual(['early', 'late'])
    await two.close()
  })
}
