import { createRequire } from 'node:module'
import type * as testApi from 'telegram-test-api'
import { expect, test } from 'vitest'
import { telegramChannel } from '../../channels/telegram/index.ts'
import { channelEnv } from '../support/channel-env.ts'
import { eventually } from '../support/eventually.ts'
import { freePort } from '../support/free-port.ts'
import { memorySink } from '../support/memory-sink.ts'

// Its types promise a default export that it does not have.
const TelegramServer = createRequire(import.meta.url)('telegram-test-api') as typeof testApi.default.default

/** Written by others, so that our stand-in is not the only one to say how the Bot API speaks. It knows texts, buttons and edits of texts, no more. */
test('a stand-in by others takes our calls: text in, text and buttons out, an edit, a pressed button', async () => {
  const server = new TelegramServer({ port: await freePort(), host: '127.0.0.1', storeTimeout: 60 })
  await server.start()
  const abort = new AbortController()
  try {
    const token = '110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw'
    const client = server.getClient(token, { userId: 77, chatId: 77, firstName: 'Ada', timeout: 3_000 })
    const settings = telegramChannel.parseSettings({ token, apiRoot: server.config.apiURL })
    const connection = await telegramChannel.connect(settings, channelEnv())
    const sink = memorySink()
    const receiving = connection.receive(null, sink, abort.signal)
    // Its dates are milliseconds, which no platform sends.
    await client.sendMessage(client.makeMessage('hi there', { date: 1_770_000_000 }))
    const [event] = await eventually(() => sink.events.length > 0 && sink.events)
    expect(event).toMatchObject({ kind: 'message', text: 'hi there', sender: { key: 'user:77' } })
    const thread = event?.thread ?? { key: '77', kind: 'chat', audience: 'private' }
    const content = { text: '**Which?**', attachments: [], choices: [{ id: 'a', label: 'My parcel' }] }
    const [part] = telegramChannel.render(content, settings, thread)
    if (!part) throw new Error('nothing was rendered')
    const known = async () => new Set<string>()
    const request = { deliveryId: '1', idempotencyKey: 'k', attempt: 1, thread, part, known, files: channelEnv().files }
    // Its answer has such a date, too, and so says nothing of what became of the send.
    await connection.send(request, AbortSignal.timeout(2_000)).catch(() => {})
    const { result } = await client.getUpdates()
    const [said] = result
    expect(said?.message).toMatchObject({ text: 'Which?', entities: [{ type: 'bold', offset: 0, length: 6 }] })
    expect(JSON.stringify(said?.message)).toContain('My parcel')
    const messageId = Number(said?.messageId)
    const [mended] = telegramChannel.render({ ...content, text: 'Which one?' }, settings, thread)
    const edited = server.waitBotEdits()
    const edit = { ...request, part: mended ?? part, externalId: String(messageId) }
    await connection.edit?.(edit, AbortSignal.timeout(2_000))
    await edited
    const history = await client.getUpdatesHistory()
    expect(JSON.stringify(history)).toContain('Which one?')
    const pressed = { message_id: messageId, date: 1_770_000_000 }
    await client.sendCallback(client.makeCallbackQuery('c:a', { message: pressed }))
    const choice = await eventually(() => sink.events.find(({ kind }) => kind === 'choice') ?? null)
    expect(choice).toMatchObject({ choiceId: 'a', of: String(messageId), sender: { key: 'user:77' } })
    abort.abort()
    await receiving
  } finally {
    abort.abort()
    await server.stop()
  }
})
