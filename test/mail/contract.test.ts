import { afterAll, beforeAll, expect, test } from 'vitest'
import { ChannelError } from '../../src/channel/errors.ts'
import { channelContract } from '../support/channel-contract.ts'
import { stageOf } from '../support/channel-subject.ts'
import { eventually } from '../support/eventually.ts'
import { openImapSubject } from '../support/imap-subject.ts'
import { type MailServers, startMailServers } from '../support/mail-servers.ts'
import { memorySink } from '../support/memory-sink.ts'

let servers: MailServers

beforeAll(async () => {
  servers = await startMailServers()
})
afterAll(() => servers?.stop())

channelContract('email over IMAP', { receives: true, webhook: false, visitors: false }, () => openImapSubject(servers))

const patience = { timeoutMs: 20_000 }
const wires = {
  'is cut': (wire) => wire.cut(),
  'falls silent': (wire) => wire.freeze(),
  'speaks nonsense': (wire) => wire.garble('* \xff(((\r\n* 1 FETCH (UID 1 BODY[] {x}\r\n)'),
  'promises more than it sends': (wire) => wire.garble('* 1 FETCH (UID 1 BODY[] {900000000}\r\nFrom: a'),
} satisfies Record<string, (wire: Awaited<ReturnType<typeof openImapSubject>>['wire']) => void>

test.each(Object.entries(wires))(
  'an IMAP connection that %s ends the run as unavailable, and nothing is lost or doubled',
  async (_, spoil) => {
    const subject = await openImapSubject(servers)
    const stage = stageOf(subject)
    const connection = await stage.connect()
    const sink = memorySink()
    void subject.standIn.say?.('before')
    const run = stage.receiving(connection, sink)
    await eventually(() => sink.events.length === 1, patience)
    spoil(subject.wire)
    void subject.standIn.say?.('meanwhile')
    const error: unknown = await run.ended.catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ChannelError)
    expect((error as ChannelError).failure.kind).toBe('unavailable')
    const again = stage.receiving(connection, sink, sink.cursor)
    await eventually(() => sink.events.length >= 2, patience)
    await again.stop()
    expect(sink.events.map((event) => (event.kind === 'message' ? event.text : event.kind))).toEqual([
      'before',
      'meanwhile',
    ])
    await connection.close()
    await subject.close()
  },
)
