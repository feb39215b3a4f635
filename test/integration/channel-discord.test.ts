import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { discordChannel } from '../../channels/discord/index.ts'
import { readConfig } from '../../config/index.ts'
import type { ChannelAdapter } from '../../src/channel/contract.ts'
import { checkInboxes } from '../../src/cli/doctor-inboxes.ts'
import { createReport } from '../../src/cli/doctor-report.ts'
import { createInbox } from '../../src/ingest/save-inbox.ts'
import { createSealer } from '../../src/security/seal.ts'
import { testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import type { Loose } from '../support/http-server.ts'
import { type DiscordDesk, discordDesk } from '../support/stand-ins/discord/desk.ts'
import { discordToken, startDiscord } from '../support/stand-ins/discord/platform.ts'
import { direct } from '../support/stand-ins/discord/stage.ts'

const patience = { timeoutMs: 15_000 }

async function desk(): Promise<DiscordDesk> {
  const made = await discordDesk()
  onTestFinished(() => made.close())
  return made
}

const conversations = async ({ call }: DiscordDesk): Promise<Loose[]> => (await call('GET /conversations')).body.items
const messages = async ({ call }: DiscordDesk, id: string): Promise<Loose[]> =>
  (await call(`GET /conversations/${id}/messages`)).body.items

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

test('a customer writes, sends a picture, replies and edits; the answer arrives bold and with a file', async () => {
  const one = await desk()
  const { platform, call } = one
  const { who, channel } = direct(platform)
  const first = platform.write(channel, who, 'My lamp is broken')
  platform.write(channel, who, '', { files: [{ name: 'lamp.png', type: 'image/png', bytes: png }] })
  platform.write(channel, who, 'the old one', { replyTo: first.id })
  platform.edit(first, 'My lamps are broken')
  const [conversation] = await eventually(async () => {
    const all = await conversations(one)
    return all.length === 1 ? all : null
  }, patience)
  const told = await eventually(async () => {
    const all = await messages(one, conversation.id)
    return all.length === 3 && all[0].editedAt ? all : null
  }, patience)
  expect(told.map(({ text }) => text)).toEqual(['My lamps are broken', '', 'the old one'])
  expect(told[2].replyTo).toBe(told[0].id)
  expect(told[0].sender).toMatchObject({ type: 'contact', name: 'Ada' })
  await eventually(async () => {
    const [file] = (await messages(one, conversation.id))[1].attachments
    expect(file).toMatchObject({ name: 'lamp.png', type: 'image/png', size: png.length })
    expect(
      (await call(`GET /${new URL(file.url, 'http://desk').pathname}${new URL(file.url, 'http://desk').search}`))
        .status,
    ).toBe(200)
  }, patience)

  const upload = new FormData()
  upload.append('file', new Blob(['how to mend a lamp']), 'guide.txt')
  const file = await call('POST /files', upload)
  const fileId = file.body.file?.id ?? file.body.id
  const answered = await call(`POST /conversations/${conversation.id}/messages`, {
    kind: 'reply',
    text: 'We send **two** new ones.',
    attachments: [fileId],
    replyTo: told[0].id,
    clientId: crypto.randomUUID(),
  })
  expect(answered.status, answered.text).toBe(201)
  const held = await eventually(
    () => platform.state.messages.get(channel.id)?.find(({ author }) => author.id === platform.state.bot.id) ?? null,
    patience,
  )
  expect(held.content).toBe('We send **two** new ones.')
  expect(held.more).toMatchObject({ message_reference: { message_id: first.id } })
  expect(String(platform.state.files.get(held.attachments[0]!.id))).toBe('how to mend a lamp')
  platform.react(held, who, '🎉')
  await eventually(async () => {
    const own = (await messages(one, conversation.id))[3]
    expect(own.deliveries[0].state).toBe('sent')
    expect(JSON.stringify(own.reactions)).toContain('🎉')
  }, patience)
  // Its own message came back over the gateway, and is no second one.
  expect(await messages(one, conversation.id)).toHaveLength(4)
})

test('a command is answered in the direct messages, and the button under its question opens the case', async () => {
  const one = await desk()
  const { platform } = one
  const { who, channel } = direct(platform)
  const asks = (name: string) =>
    platform.interact(channel, who, { type: 2, data: { id: '1', name, type: 1 }, locale: 'ja' })
  const answers = () =>
    platform.state.messages.get(channel.id)?.filter(({ author }) => author.id === platform.state.bot.id)
  asks('status')
  const [told] = await eventually(() => (answers()?.length === 1 ? answers()! : null), patience)
  expect(told?.content).toContain('現在、対応中のお問い合わせはありません')
  expect(told?.content).toContain('https://northstar.example/privacy')
  expect(told?.more).not.toHaveProperty('message_reference')
  asks('delete')
  const [, question] = await eventually(() => (answers()?.length === 2 ? answers()! : null), patience)
  const pressed = { component_type: 2, custom_id: 'choice:erase.yes' }
  platform.interact(channel, who, { type: 3, data: pressed, message: question! })
  await eventually(() => expect(answers()?.[2]?.content).toMatch(/^承りました/), patience)
  expect(await conversations(one)).toMatchObject([{ status: 'open', tags: ['erasure'] }])
})

test('a message in a support channel is a conversation of its own, in a thread that opens under it', async () => {
  const one = await desk()
  const { platform, door } = one
  const ada = platform.person('Ada', { roles: [platform.role('Gold')], nick: 'Countess' })
  const asked = platform.write(door, ada, 'Is there a discount?')
  const thread = await eventually(() => platform.state.channels.get(asked.id) ?? null, patience)
  platform.write(thread, ada, 'For ten of them?')
  const conversation = await eventually(
    async () => (await conversations(one)).find(({ audience }) => audience === 'public') ?? null,
    patience,
  )
  await eventually(
    async () =>
      expect((await messages(one, conversation.id)).map(({ text }) => text)).toEqual([
        'Is there a discount?',
        'For ten of them?',
      ]),
    patience,
  )
  const answer = { kind: 'reply', text: 'Ten percent.', clientId: crypto.randomUUID() }
  expect((await one.call(`POST /conversations/${conversation.id}/messages`, answer)).status).toBe(201)
  await eventually(() => expect(platform.held(thread.id)).toEqual(['Ten percent.']), patience)
})

test('what was written while it was stopped is there after the start, once and in order', async () => {
  const one = await desk()
  const { platform, door } = one
  const { who, channel } = direct(platform)
  platform.write(channel, who, 'before')
  await eventually(async () => expect(await conversations(one)).toHaveLength(1), patience)
  await one.stop()
  const texts = Array.from({ length: 120 }, (_, n) => `while away ${n + 1}`)
  for (const text of texts) platform.write(channel, who, text)
  platform.write(door, platform.person('Bo'), 'And I?')
  // The session is gone as well: only the history has them.
  platform.gateway.sessions.splice(0)
  await one.start()
  await eventually(async () => expect(await conversations(one)).toHaveLength(2), patience)
  const [direct1] = (await conversations(one)).filter(({ audience }) => audience === 'private')
  await eventually(async () => {
    const { body } = await one.call(`GET /conversations/${direct1.id}/messages?limit=100`)
    expect(body.items.at(-1).text).toBe('while away 120')
  }, patience)
  const page = async (query: string): Promise<Loose[]> =>
    (await one.call(`GET /conversations/${direct1.id}/messages?limit=100${query}`)).body.items
  const newest = await page('')
  const all = [...(await page(`&before=${newest[0].seq}`)), ...newest]
  expect(all.map(({ text }) => text)).toEqual(['before', ...texts])
})

test('doctor says of wrong, expired and right credentials of Discord what is wrong and how to mend it', async () => {
  const { db, target, close } = await testDatabase()
  const dataDir = await mkdtemp(join(tmpdir(), 'tributary-discord-'))
  const platform = await startDiscord()
  onTestFinished(async () => {
    await platform.close()
    await close()
    await rm(dataDir, { recursive: true, force: true })
  })
  const config = readConfig({}, { DATA_DIR: dataDir, SECRET_KEY: 'the secret key of the tests, long enough' })
  const sealer = createSealer('the secret key of the tests, long enough')
  const channels = [discordChannel as ChannelAdapter]
  const inbox = (settings: Record<string, unknown>) =>
    createInbox({ db, channels, sealer, clock: () => new Date() }, { channel: 'discord', name: 'Community', settings })
  const said = async () => {
    const lines: string[] = []
    await checkInboxes(
      { db, config, dataDir, target },
      channels,
      createReport({ say: (line) => void lines.push(line) }),
    )
    return lines.join('\n')
  }
  const { id } = await inbox(platform.settings())
  expect(await said()).toContain('its platform takes the credentials')
  platform.state.refusesCredentials = true
  expect(await said()).toMatch(/BAD.*Discord refuses the bot token: reset it on the Bot page of the developer portal/)
  platform.state.refusesCredentials = false
  await db.pool.query('delete from inbox where id = $1', [id])
  await inbox(platform.settings({ token: 'another-token-than-the-right-one' }))
  await inbox(platform.settings({ supportChannels: [{ id: platform.channel('support').id, open: 'button' }] }))
  platform.state.grantedIntents = 0
  const both = await said()
  expect(both).toMatch(/BAD.*Discord refuses the bot token/)
  expect(both).toMatch(/BAD.*switch on "Message Content Intent" on the Bot page/)
  expect(both).not.toContain(discordToken)
})
