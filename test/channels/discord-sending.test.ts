import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { discordChannel } from '../../channels/discord/index.ts'
import type { DiscordPayload } from '../../channels/discord/render.ts'
import { parseSettings } from '../../channels/discord/settings.ts'
import type { OutboundContent } from '../../src/channel/contract.ts'
import { discordFaults } from '../support/stand-ins/discord/faults.ts'
import { direct, directThread, discordStage, now } from '../support/stand-ins/discord/stage.ts'

const settings = parseSettings({ token: 'a-token-that-is-used-nowhere' })
const thread = { key: '1', kind: 'direct', audience: 'private' } as const
const render = (text: string, more: Partial<OutboundContent> = {}) =>
  discordChannel.render({ text, attachments: [], ...more }, settings, thread)
const markup = (text: string) => render(text).map((part) => (part.payload as DiscordPayload).content)

describe('what Discord answers', () => {
  const other = { kind: 'rejected', reason: 'other' }
  const gone = { kind: 'rejected', reason: 'threadGone' }
  const tooLarge = { kind: 'rejected', reason: 'tooLarge' }
  test.each([
    ['unauthorized', { kind: 'auth' }, 'reset it on the Bot page'],
    ['blocked', { kind: 'rejected', reason: 'blocked' }, 'Cannot send messages to this user (50007)'],
    ['unknownChannel', gone, 'Unknown Channel'],
    ['missingAccess', gone, 'Missing Access'],
    ['locked', gone, 'Thread is locked'],
    ['permissions', other, 'Missing Permissions'],
    ['badForm', other, 'Invalid Form Body'],
    ['tooLong', tooLarge, 'Invalid Form Body'],
    ['tooLarge', tooLarge, 'too large'],
    ['limitedUser', { kind: 'rateLimited', scope: 'thread', retryAfterMs: 1_050 }, 'slow down'],
    ['limitedShared', { kind: 'rateLimited', scope: 'thread', retryAfterMs: 1_050 }, 'slow down'],
    ['limitedGlobal', { kind: 'rateLimited', scope: 'inbox', retryAfterMs: expect.closeTo(1_100, -2) }, 'slow down'],
    ['limitedEdge', { kind: 'rateLimited', scope: 'inbox', retryAfterMs: 1_000 }, 'slow down'],
    ['slowmode', { kind: 'rateLimited', scope: 'thread', retryAfterMs: 2_000 }, 'slowmode'],
    ['edge403', { kind: 'unavailable', afterMs: 60_000 }, 'Discord answered 403'],
    ['html502', { kind: 'uncertain' }, 'Discord answered 502'],
    ['lostAnswer', { kind: 'uncertain' }, 'did not answer'],
    ['garbage', { kind: 'uncertain' }, 'named no message'],
  ] as const)('%s is told for what it is', async (name, failure, sentence) => {
    const { platform, connection, request } = await discordStage()
    const { channel } = direct(platform)
    platform.state.sendFaults.push(discordFaults[name])
    const sent = connection.send(request(directThread(channel), 'hello'), now())
    await expect(sent).rejects.toMatchObject({ failure, message: expect.stringContaining(sentence) })
  })

  test('a Discord that cannot be reached is unavailable: nothing was sent', async () => {
    const { platform, connection, request } = await discordStage()
    const { channel } = direct(platform)
    await platform.refuse()
    // The one connection that was kept tells nothing; nobody answers a new one.
    await connection.send(request(directThread(channel), 'hello'), now()).catch(() => {})
    await expect(connection.send(request(directThread(channel), 'hello'), now())).rejects.toMatchObject({
      failure: { kind: 'unavailable' },
    })
  })

  test('a bucket that is empty is not asked again before it is full', async () => {
    const { platform, connection, request } = await discordStage()
    const { channel } = direct(platform)
    platform.state.limits.perChannel = { max: 2, windowMs: 60_000 }
    // Which bucket a call belongs to, the client learns from its first answer.
    await connection.send(request(directThread(channel), 'zero'), now())
    await connection.send(request(directThread(channel), 'one'), now())
    const calls = platform.state.calls.length
    await expect(connection.send(request(directThread(channel), 'two'), now())).rejects.toMatchObject({
      failure: { kind: 'rateLimited', scope: 'thread', retryAfterMs: expect.closeTo(60_000, -4) },
    })
    expect(platform.state.calls.length).toBe(calls)
  })

  test('a lost answer leaves one message, also when Discord has forgotten the nonce', async () => {
    const { platform, connection, request } = await discordStage()
    const { channel } = direct(platform)
    const once = request(directThread(channel), 'only **once**')
    platform.state.sendFaults.push(discordFaults.lostAnswer)
    await expect(connection.send(once, now())).rejects.toMatchObject({ failure: { kind: 'uncertain' } })
    const real = platform.state.clock()
    platform.state.clock = () => real + 6 * 60_000
    const receipt = await connection.send({ ...once, attempt: 2 }, now())
    expect(platform.held(channel.id)).toEqual(['only **once**'])
    expect(await connection.confirm?.(once, now())).toMatchObject({ externalId: receipt.externalId })
  })

  test('the same words twice are two messages', async () => {
    const { platform, connection, request } = await discordStage()
    const { channel } = direct(platform)
    const first = await connection.send(request(directThread(channel), 'ok'), now())
    platform.state.sendFaults.push(discordFaults.html502)
    const known = async () => new Set([first.externalId])
    const second = request(directThread(channel), 'ok', { known })
    await expect(connection.send(second, now())).rejects.toMatchObject({ failure: { kind: 'uncertain' } })
    await connection.send({ ...second, attempt: 2 }, now())
    expect(platform.held(channel.id)).toEqual(['ok', 'ok'])
  })

  test('nobody is notified, and files go along under safe names', async () => {
    const { platform, connection, request } = await discordStage()
    const { channel } = direct(platform)
    const file = { id: '1', name: 'a"b\r\nc/lamp.txt', type: 'text/plain', size: 5 }
    const sent = request(directThread(channel), '@everyone look')
    const payload = { ...(sent.part.payload as DiscordPayload), files: [file] }
    const files = { open: async () => ({ file, stream: Readable.from([Buffer.from('light')]) }) }
    await connection.send({ ...sent, part: { ...sent.part, payload }, files }, now())
    expect(platform.state.calls.at(-1)?.body).toMatchObject({ allowed_mentions: { parse: [] }, enforce_nonce: true })
    const [held] = platform.state.messages.get(channel.id) ?? []
    expect(held?.attachments[0]?.filename).toBe('a_b__c_lamp.txt')
    expect(String(platform.state.files.get(held?.attachments[0]?.id ?? ''))).toBe('light')
  })
})

describe('the picture of whoever writes', () => {
  test('is taken from where Discord keeps pictures, by the hash that the message names', async () => {
    const { platform, connection } = await discordStage()
    platform.state.files.set('/avatars/53908099506183680/a_bab1.png', Buffer.from('a face'))
    const fetched = (avatar: string) => connection.download({ name: 'avatar.png', ref: { avatar } }, now())
    expect(await text(await fetched('53908099506183680/a_bab1'))).toBe('a face')
    await expect(fetched('53908099506183680/gone')).rejects.toMatchObject({ failure: { kind: 'rejected' } })
  })
})

describe('what agents write', () => {
  test('quotes what it answers once, however many messages it takes', async () => {
    const { platform, connection, request } = await discordStage()
    const { channel, who } = direct(platform)
    const asked = platform.write(channel, who, 'How?')
    for (const part of render('word '.repeat(900)))
      await connection.send(request(directThread(channel), '', { part, replyTo: asked.id }), now())
    const ours = platform.state.messages.get(channel.id)?.slice(1) ?? []
    expect(ours.map((one) => one.more['message_reference'] !== undefined)).toEqual([true, false, false])
  })

  test.each([
    ['**bold** and *italic* and `code`', '**bold** and *italic* and `code`'],
    ['***both***', '***both***'],
    ['[the lamp](https://northstar.example/a_(b)) now', '[the lamp](<https://northstar.example/a_(b)>) now'],
    ['see https://northstar.example/a_b_c', 'see https://northstar.example/a_b_c'],
    ['write to [us](mailto:a@b.example)', 'write to us (mailto:a@b.example)'],
    ['# One\n\n##### Five', '**One**\n\n**Five**'],
    ['> quoted\n> twice\n\nafter', '> quoted\n> twice\n\nafter'],
    ['- one\n- two\n  - deep\n\n1. first', '• one\n• two\n   • deep\n\n1. first'],
    ['```js\nlet a = `b`\n```', '```js\nlet a = `b`\n```'],
    ['snake\\_case and 2\\*3 \\~\\~no\\~\\~ \\|\\|x\\|\\|', 'snake\\_case and 2\\*3 \\~\\~no\\~\\~ \\|\\|x\\|\\|'],
    ['\\# no heading', '\\# no heading'],
    ['<@123> is nobody', '\\<@123> is nobody'],
  ])('%s', (source, expected) => {
    expect(markup(source)).toEqual([expected])
  })

  test('is cut at 2,000 without breaking a code fence, a bold word or a quote', () => {
    const lines = Array.from({ length: 200 }, (_, n) => `line ${n} of the log`)
    const pieces = markup(
      `Look:\n\n\`\`\`log\n${lines.join('\n')}\n\`\`\`\n\n**${'bold words '.repeat(300).trim()}**\n\n> ${'quoted words '.repeat(200)}`,
    )
    expect(pieces.length).toBeGreaterThan(3)
    for (const piece of pieces) {
      expect(piece.length).toBeLessThanOrEqual(2_000)
      expect((piece.match(/```/g) ?? []).length % 2).toBe(0)
      expect((piece.replace(/```[\s\S]*?```/g, '').match(/\*\*/g) ?? []).length % 2).toBe(0)
    }
    const logged = pieces.flatMap((piece) =>
      [...piece.matchAll(/```log\n([\s\S]*?)\n```/g)].flatMap((one) => one[1]!.split('\n')),
    )
    expect(logged.filter((line) => line !== '')).toEqual(lines)
  })

  test('fits and loses nothing, whatever the marks', () => {
    const word = fc.oneof(
      fc.lorem({ maxCount: 5 }),
      fc.constantFrom(
        '**',
        '*',
        '_',
        '`',
        '```',
        '> ',
        '- ',
        '# ',
        '\n',
        '\n\n',
        '[a](https://b.example)',
        '订单已发货。',
        '||',
        '\\',
      ),
    )
    fc.assert(
      fc.property(fc.array(word, { maxLength: 400 }), (words) => {
        for (const { payload, length } of render(words.join(' '))) {
          expect((payload as DiscordPayload).content.length).toBe(length)
          expect(length).toBeLessThanOrEqual(2_000)
        }
      }),
      { numRuns: 200 },
    )
  })

  test('choices become buttons, and a numbered list where one does not fit', () => {
    const choices = Array.from({ length: 7 }, (_, n) => ({ id: `${n}`, label: `Choice ${n}` }))
    const [part] = render('Which?', { choices })
    const payload = part!.payload as DiscordPayload
    expect(payload.components).toMatchObject([{ components: { length: 5 } }, { components: { length: 2 } }])
    expect(payload.content).toBe('Which?')
    const [long] = render('Which?', { choices: [{ id: 'a', label: 'x'.repeat(81) }] })
    expect(long?.payload).toMatchObject({ content: expect.stringContaining('1. xxx') })
    expect(long?.payload).not.toHaveProperty('components')
  })
})
