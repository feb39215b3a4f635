import { generateKeyPairSync, sign } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { discordChannel } from '../../channels/discord/index.ts'
import { parseSettings } from '../../channels/discord/settings.ts'
import type { WebhookRequest } from '../../src/channel/contract.ts'
import { channelEnv } from '../support/channel-env.ts'
import { memorySink } from '../support/memory-sink.ts'
import { startDiscord } from '../support/stand-ins/discord/platform.ts'
import { snowflake } from '../support/stand-ins/discord/state.ts'

const keys = generateKeyPairSync('ed25519')
const publicKey = keys.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex')

/** As Discord calls: signed over the time and the very bytes. */
function calling(
  told: unknown,
  wish: { ageMs?: number; secret?: typeof keys.privateKey; sent?: string } = {},
): WebhookRequest {
  const { ageMs = 0, secret = keys.privateKey, sent } = wish
  const body = Buffer.from(JSON.stringify(told))
  const timestamp = String(Math.floor((Date.now() - ageMs) / 1_000))
  const signature = sign(null, Buffer.concat([Buffer.from(timestamp), body]), secret).toString('hex')
  const headers = { 'x-signature-ed25519': signature, 'x-signature-timestamp': timestamp }
  return { method: 'POST', query: {}, headers, body: sent === undefined ? body : Buffer.from(sent) }
}

async function stage() {
  const platform = await startDiscord()
  const door = platform.channel('support')
  const settings = parseSettings(platform.settings({ publicKey, supportChannels: [{ id: door.id, open: 'button' }] }))
  const connection = await discordChannel.connect(settings, channelEnv({ clock: () => new Date() }))
  onTestFinished(async () => {
    await connection.close()
    await platform.close()
  })
  const sink = memorySink()
  const call = async (request: WebhookRequest) => {
    const { status, body = 'null' } = await connection.handleWebhook!(request, sink)
    return { status, body: JSON.parse(body) }
  }
  const ada = platform.person('Ada')
  const interaction = (type: number, data: object, more: object = {}) => {
    const member = { nick: null, roles: [], user: ada }
    const place = { channel_id: door.id, guild_id: platform.state.guildId, member }
    return { id: snowflake(), token: 'a-token', application_id: '1', version: 1, type, data, ...place, ...more }
  }
  const threads = () => [...platform.state.channels.values()].filter((one) => one.type === 12)
  return { platform, door, connection, sink, call, ada, interaction, threads }
}

test('only what Discord signed just now is heard; anything else is refused, and nothing of it is stored', async () => {
  const { call, sink, interaction } = await stage()
  const ping = { type: 1, id: '1', token: 't' }
  expect(await call(calling(ping))).toEqual({ status: 200, body: { type: 1 } })
  const { privateKey: foreign } = generateKeyPairSync('ed25519')
  const pressed = interaction(3, { component_type: 2, custom_id: 'choice:a' })
  const unsigned = { ...calling(pressed), headers: {} }
  const odd = { ...calling(pressed), headers: { 'x-signature-ed25519': 'zz', 'x-signature-timestamp': 'now' } }
  const refused = [
    calling(pressed, { secret: foreign }),
    calling(pressed, { ageMs: 6 * 60_000 }),
    calling(pressed, { ageMs: -6 * 60_000 }),
    calling(pressed, { sent: JSON.stringify({ ...pressed, data: { custom_id: 'choice:b' } }) }),
    unsigned,
    odd,
  ]
  for (const request of refused) expect((await call(request)).status).toBe(401)
  expect(sink.batches).toEqual([])
  expect((await call(calling('nonsense'))).status).toBe(400)
})

test('without a public key there is no such door', async () => {
  const platform = await startDiscord()
  const connection = await discordChannel.connect(parseSettings(platform.settings()), channelEnv())
  expect(connection.handleWebhook).toBeUndefined()
  await connection.close()
  await platform.close()
})

test('a press of a choice is answered after it is stored, and shown as pressed', async () => {
  const { platform, door, call, sink, ada, interaction } = await stage()
  const thread = platform.thread(door, 'A question')
  const button = { type: 2, style: 2, label: 'My parcel', custom_id: 'choice:parcel' }
  const message = { id: snowflake(), components: [{ type: 1, components: [button] }] }
  const told = interaction(3, { component_type: 2, custom_id: 'choice:parcel' }, { channel_id: thread.id, message })
  sink.refuse(new Error('the database is away'))
  await expect(call(calling(told))).rejects.toThrow('the database is away')
  expect(await call(calling(told))).toEqual({
    status: 200,
    body: { type: 7, data: { components: [{ type: 1, components: [{ ...button, style: 1, disabled: true }] }] } },
  })
  expect(sink.events).toMatchObject([
    { kind: 'choice', choiceId: 'parcel', label: 'My parcel', sender: { key: ada.id } },
  ])
})

test('the contact button is answered by the form, a form by the thread it opened, once however often it comes', async () => {
  const { call, interaction, threads, platform } = await stage()
  const contact = await call(calling(interaction(3, { component_type: 2, custom_id: 'tributary:contact' })))
  expect(contact.body).toMatchObject({ type: 9, data: { custom_id: 'tributary:form' } })
  const fields = [{ type: 1, components: [{ type: 4, custom_id: 'text', value: 'It is dark.' }] }]
  const sent = interaction(5, { custom_id: 'tributary:form', components: fields })
  const answers = [await call(calling(sent)), await call(calling(sent))]
  const [thread, ...others] = threads()
  expect(others).toEqual([])
  for (const { body } of answers)
    expect(body).toMatchObject({ type: 4, data: { flags: 64, content: expect.stringContaining(`<#${thread?.id}>`) } })
  expect(platform.state.messages.get(thread!.id)).toHaveLength(1)
})
