import { buffer } from 'node:stream/consumers'
import twitterText from 'twitter-text'
import { describe, expect, test } from 'vitest'
import type { ChannelError } from '../../src/channel/errors.ts'
import { xFaults } from '../support/stand-ins/x/faults.ts'
import { under, withAda, xStage } from '../support/stand-ins/x/stage.ts'
import { ada, grace } from '../support/stand-ins/x/state.ts'
import { quickX } from '../support/stand-ins/x/subject.ts'

/** Of a machine that does something else meanwhile. */
const eventual = <T>(read: () => T) => expect.poll(read, { timeout: 15_000 })
const soon = () => AbortSignal.timeout(5_000)
const png = (id: string, size: number, type = 'image/png') => ({ id, name: `${id}.png`, type, size })
const thrown = async (promise: Promise<unknown>) => (await promise.catch((error: unknown) => error)) as ChannelError

describe('direct messages of X', () => {
  test('up to 10,000 characters leave as one plain text, longer ones as several', async () => {
    const stage = await xStage()
    const connection = await stage.connect()
    const request = stage.request(
      { text: `**Bold** and a [link](https://example.com/a)\n\n- one\n- two` },
      withAda(stage.x),
    )
    await connection.send(request, soon())
    expect(stage.x.state.dms.at(-1)?.text).toBe('Bold and a link (https://example.com/a)\n\n• one\n• two')
    const long = quickX.render({ text: 'word '.repeat(3_000), attachments: [] }, stage.settings, withAda(stage.x))
    expect(long.map(({ length }) => length <= 10_000)).toEqual([true, true])
  })

  test('a picture, a GIF and a video go up in pieces, in the category of direct messages', async () => {
    const bytes = Buffer.alloc(4_500_000, 'p')
    const stage = await xStage({ files: { p: bytes, g: Buffer.from('gif'), v: Buffer.from('video') } })
    const connection = await stage.connect()
    const attachments = [png('p', bytes.length), png('g', 3, 'image/gif'), png('v', 5, 'video/mp4')]
    for (const index of [0, 1, 2]) {
      await connection.send(stage.request({ text: 'see', attachments }, withAda(stage.x), index), soon())
    }
    const sent = stage.x.state.dms.map(({ text, media }) => [text, media[0]?.type, media[0]?.bytes.length])
    expect(sent).toEqual([
      ['see', 'photo', 4_500_000],
      ['', 'animated_gif', 3],
      ['', 'video', 5],
    ])
    expect([...stage.x.state.uploads.values()].map(({ category }) => category)).toEqual([
      'dm_image',
      'dm_gif',
      'dm_video',
    ])
    expect([...stage.x.state.uploads.values()][0]?.segments.size).toBeGreaterThan(1)
  })

  test('an upload that fails is tried again later, and nothing was sent', async () => {
    const stage = await xStage({ files: { v: Buffer.from('video') } })
    const connection = await stage.connect()
    stage.x.failReads(xFaults.html502)
    const request = stage.request({ attachments: [png('v', 5, 'video/mp4')] }, withAda(stage.x))
    expect((await thrown(connection.send(request, soon()))).failure).toEqual({ kind: 'unavailable' })
    expect(stage.x.state.dms).toEqual([])
    await connection.send(request, soon())
    expect(stage.x.state.dms.length).toBe(1)
  })

  test('other kinds of files and too large ones are refused before sending', async () => {
    const { settings, x } = await xStage()
    const render = (type: string, size: number) => () =>
      quickX.render({ text: '', attachments: [png('f', size, type)] }, settings, withAda(x))
    expect(render('application/pdf', 10)).toThrow('only JPEG, PNG, WebP, GIF, MP4, MOV')
    expect(render('image/png', 5_000_001)).toThrow('up to 5 MB')
    expect(render('image/gif', 15_000_001)).toThrow('up to 15 MB')
    expect(render('video/mp4', 50_000_001)).toThrow('up to 50 MB')
  })

  test('choices become a numbered list', async () => {
    const { settings, x } = await xStage()
    const choices = [
      { id: 'a', label: 'Parcel' },
      { id: 'b', label: 'Else' },
    ]
    const [part] = quickX.render({ text: 'Which?', attachments: [], choices }, settings, withAda(x))
    expect(part?.text).toBe('Which?\n\n1. Parcel\n2. Else')
  })

  test('confirm finds what was sent though the answer was lost, with its links written out, and no older one', async () => {
    const stage = await xStage()
    const connection = await stage.connect()
    const request = stage.request({ text: 'see https://example.com/a?b=1&c=<2> please' }, withAda(stage.x))
    stage.x.fail(xFaults.lostAnswer)
    expect((await thrown(connection.send(request, soon()))).failure).toEqual({ kind: 'uncertain' })
    const receipt = await connection.confirm?.(request, soon())
    expect(receipt?.externalId).toBe(stage.x.state.dms.at(-1)?.id)
    const old = stage.request({ text: 'thanks' }, withAda(stage.x))
    await stage.x.dmFromApp('thanks')
    Object.assign(stage.x.state.dms.at(-1) ?? {}, { at: Date.now() - 2 * 60 * 60_000 })
    expect(await connection.confirm?.(old, soon())).toBeNull()
  })

  test('confirm takes no other message of the same words for the one that is looked for', async () => {
    const stage = await xStage()
    const connection = await stage.connect()
    const { externalId } = await connection.send(stage.request({ text: 'ok' }, withAda(stage.x)), soon())
    const again = { ...stage.request({ text: 'ok' }, withAda(stage.x)), known: async () => new Set([externalId]) }
    stage.x.fail(xFaults.html502)
    expect((await thrown(connection.send(again, soon()))).failure).toEqual({ kind: 'uncertain' })
    expect(await connection.confirm?.(again, soon())).toBeNull()
  })

  test('deleting a direct message is refused: X would delete it for us only', async () => {
    const stage = await xStage()
    const connection = await stage.connect()
    const { externalId } = await connection.send(stage.request({ text: 'oh' }, withAda(stage.x)), soon())
    const error = await thrown(connection.remove!({ deliveryId: '1', thread: withAda(stage.x), externalId }, soon()))
    expect(error.failure).toEqual({ kind: 'rejected', reason: 'unsupported' })
    expect(quickX.capabilities(stage.settings, withAda(stage.x)).remove).toBe('rejected')
  })
})

describe('public replies on X', () => {
  test('the reply names the post that is answered, else the newest of that customer there', async () => {
    const stage = await xStage()
    const { x } = stage
    const connection = await stage.connect()
    const root = await x.post(`@${x.state.me.username} help`)
    const second = await x.post(`@${x.state.me.username} still there?`, { replyTo: root.id })
    await x.post(`@${x.state.me.username} me too`, { from: grace, replyTo: root.id })
    await connection.send(stage.request({ text: 'first', replyTo: root.id }, under(root.id)), soon())
    await connection.send(stage.request({ text: 'second' }, under(root.id)), soon())
    expect(x.state.posts.slice(-2).map(({ text, replyTo }) => [text, replyTo])).toEqual([
      ['first', root.id],
      ['second', second.id],
    ])
  })

  test('280 weighted characters, then a numbered thread, each of it fitting', async () => {
    const stage = await xStage()
    const { x } = stage
    const connection = await stage.connect()
    const root = await x.post(`@${x.state.me.username} 在吗`)
    const text = `${'订单已经发货，请等候。'.repeat(40)} https://example.com/${'x'.repeat(200)} 👩‍👩‍👧‍👦`
    const parts = quickX.render({ text, attachments: [] }, stage.settings, under(root.id))
    expect(parts.length).toBeGreaterThan(3)
    for (const index of parts.keys()) {
      await connection.send(stage.request({ text, replyTo: root.id }, under(root.id), index), soon())
    }
    const sent = x.state.posts.slice(1).map((post) => post.text)
    for (const [index, one] of sent.entries()) {
      expect(one.endsWith(` (${index + 1}/${parts.length})`)).toBe(true)
      expect(twitterText.parseTweet(one).weightedLength).toBe(parts[index]?.length)
    }
    const endless = () => quickX.render({ text: 'a.'.repeat(10_000), attachments: [] }, stage.settings, under(root.id))
    const link = `see https://example.com/${'x'.repeat(2_000)}`
    expect(quickX.render({ text: link, attachments: [] }, stage.settings, under(root.id))).toMatchObject([
      { length: 27, payload: { text: link } },
    ])
    expect(endless).toThrow('too long for an answer in public')
    expect(quickX.render({ text: 'x'.repeat(280), attachments: [] }, stage.settings, under(root.id)).length).toBe(1)
    expect(quickX.render({ text: '订'.repeat(141), attachments: [] }, stage.settings, under(root.id)).length).toBe(2)
  })

  test('four pictures ride on one post, a video stands alone', async () => {
    const stage = await xStage({
      files: Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((id) => [id, Buffer.from(id)])),
    })
    const root = await stage.x.post(`@${stage.x.state.me.username} hm`)
    const attachments = [...'abcd'].map((id) => png(id, 1)).concat(png('e', 1, 'video/mp4'))
    const connection = await stage.connect()
    for (const index of [0, 1]) {
      const request = stage.request({ text: 'see', attachments, replyTo: root.id }, under(root.id), index)
      await connection.send(request, soon())
    }
    expect(stage.x.state.posts.slice(-2).map(({ media }) => media.map(({ type }) => type))).toEqual([
      ['photo', 'photo', 'photo', 'photo'],
      ['video'],
    ])
  })

  test('where nobody asked us the reply is refused before sending, and by X as well', async () => {
    const stage = await xStage()
    const { x } = stage
    const unasked = { key: `unasked:1:${ada.id}`, kind: 'unasked', audience: 'public' } as const
    expect(() => quickX.render({ text: 'hi', attachments: [] }, stage.settings, unasked)).toThrow('mention or quote')
    const encrypted = { key: 'encrypted:1:2', kind: 'encrypted', audience: 'private' } as const
    expect(() => quickX.render({ text: 'hi', attachments: [] }, stage.settings, encrypted)).toThrow('encrypted')
    const stranger = await x.post('nothing about anybody')
    const connection = await stage.connect()
    const error = await thrown(
      connection.send(stage.request({ text: 'hi', replyTo: stranger.id }, under(stranger.id)), soon()),
    )
    expect(error.failure).toEqual({ kind: 'rejected', reason: 'unsupported' })
    expect(error.message).toContain('direct message')
  })

  test('a post of ours is deleted, and one that is gone already is no failure', async () => {
    const stage = await xStage()
    const root = await stage.x.post(`@${stage.x.state.me.username} hm`)
    const connection = await stage.connect()
    const request = stage.request({ text: 'oops', replyTo: root.id }, under(root.id))
    const { externalId } = await connection.send(request, soon())
    const removal = { deliveryId: '1', thread: under(root.id), externalId }
    await connection.remove?.(removal, soon())
    await connection.remove?.(removal, soon())
    expect(stage.x.state.posts.at(-1)).toMatchObject({ id: externalId, deleted: true })
    expect(quickX.capabilities(stage.settings, under(root.id)).remove).toBe('full')
  })
})

describe('files that come in from X', () => {
  test.each(['oauth1', 'oauth2', 'both'] as const)(
    'a picture of a direct message comes through the account’s own door, a video from where it lies: %s',
    async (auth) => {
      const stage = await xStage({ auth })
      const [picture, video] = [stage.x.picture(Buffer.from('seen')), stage.x.picture(Buffer.from('film'), 'video/mp4')]
      const connection = await stage.connect()
      await stage.x.dm('look', { media: [picture] })
      await stage.x.dm('', { media: [video] })
      const run = stage.receiving(connection)
      await eventual(() => stage.sink.events.length).toBe(2)
      await run.stop()
      const files = stage.sink.events.flatMap((event) => (event.kind === 'message' ? (event.attachments ?? []) : []))
      const bytes = await Promise.all(
        files.map(async (file) => (await buffer(await connection.download(file, soon()))).toString()),
      )
      expect(bytes).toEqual(['seen', 'film'])
      expect(files.map(({ type }) => type)).toEqual(['image/jpeg', 'video/mp4'])
      const error = await thrown(
        connection.download({ name: 'x', ref: { url: `${stage.x.url}/media/none.png` } }, soon()),
      )
      expect(error.failure).toEqual({ kind: 'rejected', reason: 'threadGone' })
    },
  )
})
