import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import type { Capabilities, Support } from '../../src/channel/capabilities.ts'
import type { ChannelConnection, OutboundContent, OutboundFile } from '../../src/channel/contract.ts'
import type { Cells, Stage } from './channel-subject.ts'
import { eventually } from './eventually.ts'
import { type MemorySink, memorySink } from './memory-sink.ts'

/** What a channel says it can, seen at the platform itself: each clause goes red where the declaration is wrong. */

const works = (support: Support) => support === 'full' || support === 'partial'
const patience = { timeoutMs: 15_000 }
const soon = () => AbortSignal.timeout(5_000)
const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const map: OutboundFile = { id: '1', name: 'map.png', type: 'image/png', size: pixel.length }

interface Scene extends Stage {
  readonly can: Capabilities
  readonly cells: Cells
  readonly connection: ChannelConnection
  /** Sends it; the platform's id. */
  send(content: Partial<OutboundContent>): Promise<string>
}

export function liveCellClauses(stage: () => Promise<Stage>): void {
  /** Opens, and skips what this channel does not claim. */
  const cell = (name: string, claims: (can: Capabilities) => boolean, prove: (scene: Scene) => Promise<void>): void => {
    test(name, async ({ skip }) => {
      const made = await stage()
      const can = made.subject.adapter.capabilities(made.parsed, made.subject.thread)
      const { cells } = made.subject.standIn
      skip(!claims(can) || cells === undefined)
      const connection = await made.connect()
      if (cells) await prove({ ...made, can, cells, connection, send: sender(made, connection) })
      await connection.close()
    })
  }

  cell(
    'an edit is seen where the message was',
    (can) => works(can.edit),
    async ({ cells, connection, request, send }) => {
      const externalId = await send({ text: 'before' })
      await connection.edit?.({ ...request('after'), externalId }, soon())
      expect(cells.shown(externalId)?.text).toBe('after')
    },
  )

  cell(
    'what is deleted is seen no more',
    (can) => works(can.remove),
    async ({ cells, connection, request, send }) => {
      const externalId = await send({ text: 'not for you' })
      expect(cells.shown(externalId)?.text).toBe('not for you')
      await connection.remove?.({ ...request('x'), externalId }, soon())
      expect(cells.shown(externalId)).toBeUndefined()
    },
  )

  cell(
    'our reaction is seen, and taken back',
    (can) => works(can.reactions.out),
    async (scene) => {
      const { cells, connection, request, send } = scene
      const externalId = await send({ text: 'a joke' })
      await connection.react?.({ ...request('x'), externalId, reactions: ['👍'] }, soon())
      expect(cells.shown(externalId)?.reactions).toEqual(['👍'])
      await connection.react?.({ ...request('x'), externalId, reactions: [] }, soon())
      expect(cells.shown(externalId)?.reactions).toEqual([])
    },
  )

  cell(
    'a file of ours is there, byte for byte',
    (can) => works(can.attachments.out),
    async ({ cells, send }) => {
      const externalId = await send({ text: 'the map', attachments: [map] })
      expect(cells.shown(externalId)?.files.map((one) => one.equals(pixel))).toEqual([true])
    },
  )

  cell(
    'that we type is seen',
    (can) => works(can.typing.out),
    async ({ cells, connection, subject }) => {
      const before = cells.typed?.() ?? Number.NaN
      await connection.showTyping?.(subject.thread)
      expect(cells.typed?.()).toBe(before + 1)
    },
  )
}

/** Of channels that are asked or tell by themselves. */
export function heardCellClauses(stage: () => Promise<Stage>): void {
  const cell = (
    name: string,
    claims: (can: Capabilities) => boolean,
    prove: (scene: Scene & { sink: MemorySink; typing: string[] }) => Promise<void>,
  ): void => {
    test(name, async ({ skip }) => {
      const made = await stage()
      const can = made.subject.adapter.capabilities(made.parsed, made.subject.thread)
      const { cells } = made.subject.standIn
      skip(!claims(can) || cells === undefined)
      const connection = await made.connect()
      const typing: string[] = []
      const sink = Object.assign(memorySink(), {
        ephemeral: ({ thread }: { thread: string }) => void typing.push(thread),
      })
      const run = made.receiving(connection, sink)
      const scene = { ...made, can, connection, send: sender(made, connection), sink, typing }
      await made.subject.standIn.say?.('a question')
      await eventually(() => expect(sink.events.length).toBe(1), patience)
      if (cells) await prove({ ...scene, cells })
      await run.stop()
      await connection.close()
    })
  }
  const kinds = (sink: MemorySink) => sink.events.map(({ kind }) => kind)

  cell(
    'an answer names what it answers',
    (can) => works(can.reply),
    async ({ cells, send, sink }) => {
      const [asked] = sink.events
      const replyTo = asked?.kind === 'message' ? (asked.externalId ?? '') : ''
      expect(replyTo).not.toBe('')
      expect(cells.shown(await send({ text: 'the answer', replyTo }))?.replyTo).toBe(replyTo)
    },
  )

  cell(
    'a pressed button is the choice that was offered',
    (can) => can.choices === 'full',
    async (scene) => {
      const { cells, send, sink } = scene
      const choices = [
        { id: 'parcel', label: 'My parcel' },
        { id: 'other', label: 'Something else' },
      ]
      const externalId = await send({ text: 'What is it about?', choices })
      expect(cells.shown(externalId)?.buttons).toEqual(['My parcel', 'Something else'])
      cells.press?.(externalId, 'Something else')
      await eventually(() => expect(kinds(sink)).toContain('choice'), patience)
      expect(sink.events.find(({ kind }) => kind === 'choice')).toMatchObject({ choiceId: 'other', of: externalId })
    },
  )

  cell(
    'the customer’s reaction is heard',
    (can) => works(can.reactions.in),
    async ({ cells, send, sink }) => {
      const externalId = await send({ text: 'all done' })
      cells.react?.(externalId, '👍')
      await eventually(() => expect(kinds(sink)).toContain('reaction'), patience)
      expect(sink.events.find(({ kind }) => kind === 'reaction')).toMatchObject({ externalId, reactions: ['👍'] })
    },
  )

  cell(
    'that the customer types is heard',
    // Where it comes by webhook alone nothing calls us here.
    (can) => works(can.typing.in) && !can.webhook,
    async ({ cells, subject, typing }) => {
      await cells.type?.()
      await eventually(() => expect(typing).toEqual([subject.thread.key]), patience)
    },
  )

  cell(
    'a file of the customer can be fetched',
    (can) => works(can.attachments.in),
    async (scene) => {
      const { cells, connection, sink } = scene
      await cells.sendFile?.(pixel)
      await eventually(() => expect(kinds(sink)).toEqual(['message', 'message']), patience)
      const [, event] = sink.events
      const [file] = event?.kind === 'message' ? (event.attachments ?? []) : []
      if (!file) throw new Error('the file was not told')
      expect((await buffer(await connection.download(file, soon()))).equals(pixel)).toBe(true)
    },
  )
}

function sender({ subject, parsed, request }: Stage, connection: ChannelConnection): Scene['send'] {
  return async (content) => {
    const whole = { text: '', attachments: [], ...content }
    const [part] = subject.adapter.render(whole, parsed, subject.thread)
    if (!part) throw new Error('nothing was rendered')
    const { replyTo } = content
    const files = { open: async () => ({ file: map, stream: Readable.from([pixel]) }) }
    const wish = { part, files, ...(replyTo !== undefined && { replyTo }) }
    return (await connection.send(request('x', wish), soon())).externalId
  }
}
