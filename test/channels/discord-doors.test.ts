import { buffer } from 'node:stream/consumers'
import { MessageResponseSchema } from 'discord-api-spec/zod'
import { describe, expect, test } from 'vitest'
import type { Door } from '../../channels/discord/settings.ts'
import { eventually } from '../support/eventually.ts'
import type { DiscordPlatform } from '../support/stand-ins/discord/platform.ts'
import { direct, directThread, discordStage, now, textsOf } from '../support/stand-ins/discord/stage.ts'
import { messageJson } from '../support/stand-ins/discord/state.ts'

async function atDoor(open: Door, type = 0) {
  const tags = [{ id: '1300000000000000900', name: 'Billing' }]
  const stage = await discordStage((platform) => ({
    supportChannels: [{ id: platform.channel('support', type, tags).id, open }],
  }))
  const door = [...stage.platform.state.channels.values()][0]!
  const run = stage.start()
  await eventually(() => stage.sink.cursor !== null)
  return { ...stage, door, run }
}

describe('support channels', () => {
  const contact = { component_type: 2, custom_id: 'tributary:contact' }
  const filledIn = (subject: string, text: string) => ({
    custom_id: 'tributary:form',
    components: [
      { type: 1, components: [{ type: 4, custom_id: 'subject', value: subject }] },
      { type: 1, components: [{ type: 4, custom_id: 'text', value: text }] },
    ],
  })
  const threadsOf = ({ state }: DiscordPlatform) => [...state.channels.values()].filter(({ type }) => type === 12)

  test('a button stands in the channel once; it and the command ask by a form what it is about', async () => {
    const { platform, door, run, start, sink } = await atDoor('button')
    const held = () => platform.held(door.id).length
    await eventually(() => held() === 1)
    const menu = ['support', 'help', 'status', 'human', 'privacy', 'delete']
    await eventually(() => expect(platform.state.commands.map(({ name }) => name)).toEqual(menu))
    const ada = platform.person('Ada')
    const pressed = platform.interact(door, ada, { type: 3, data: contact })
    const command = platform.interact(door, ada, { type: 2, data: { id: '1', name: 'support', type: 1 } })
    await eventually(() => expect([pressed, command].map(({ answers }) => answers[0]?.type)).toEqual([9, 9]))
    const asked = pressed.answers[0]?.data as { title: string; components: unknown[] }
    expect(asked.title.length).toBeLessThanOrEqual(45)
    expect(asked.components).toHaveLength(2)
    expect([threadsOf(platform), sink.events]).toEqual([[], []])
    await run.stop()
    platform.gateway.switches.invalidateResumes = 1
    const again = start(sink.cursor)
    await eventually(() => platform.gateway.counts.identifies === 2, { timeoutMs: 8_000 })
    await eventually(() => platform.gateway.sessions.at(-1)!.acknowledged > 0)
    expect(held()).toBe(1)
    expect(platform.state.commands.length).toBe(menu.length)
    await again.stop()
  })

  test('a command is acknowledged at once, and says where the answer comes; in public it says where to ask', async () => {
    const { platform, door, run, sink } = await atDoor('everyMessage')
    const [ada, bo] = [platform.person('Ada'), platform.person('Bo')]
    const asks = (where: typeof door, name: string, who = ada) =>
      platform.interact(where, who, { type: 2, data: { id: '1', name, type: 1 }, locale: 'ko' })
    const told = async (one: ReturnType<typeof asks>, words: string) => {
      await eventually(() => expect(one.original).toMatchObject({ content: expect.stringContaining(words) }))
      expect(one.answers).toEqual([{ type: 5, data: { flags: 64 } }])
    }
    await told(asks(door, 'status'), 'in private only')
    const thread = platform.thread(door, 'In public', { type: 11 })
    await told(asks(thread, 'status'), 'in private only')
    await told(asks(platform.directChannel(bo), 'status', bo), 'The answer follows')
    await told(asks(thread, 'human'), 'The answer follows')
    const heard = { kind: 'message', sender: { language: 'ko' } }
    expect(sink.events).toMatchObject([
      { ...heard, text: '/status', command: { name: 'status' }, thread: { kind: 'direct', audience: 'private' } },
      { ...heard, text: '/human', command: { name: 'human' }, thread: { audience: 'public' } },
    ])
    await run.stop()
  })

  test('a form opens a private thread, and its words are the first message, from whoever wrote them', async () => {
    const { platform, door, run, sink } = await atDoor('button')
    const ada = platform.person('Ada', { nick: 'Countess' })
    const sent = platform.interact(door, ada, { type: 5, data: filledIn('My lamp', 'It is **dark** in here.') })
    await eventually(() => expect(sent.original).toMatchObject({ content: expect.stringContaining('<#') }))
    expect(sent.answers).toMatchObject([{ type: 5, data: { flags: 64 } }])
    const [thread] = threadsOf(platform)
    expect(thread).toMatchObject({ name: 'My lamp', parent_id: door.id })
    expect(thread?.members?.has(ada.id)).toBe(true)
    await eventually(() => sink.events.length === 1)
    const sender = { key: ada.id, name: 'Countess', profile: { username: 'ada' } }
    const said = { text: 'It is **dark** in here.', subject: 'My lamp', sender, thread: { audience: 'private' } }
    expect(sink.events).toMatchObject([{ kind: 'message', ...said }])
    platform.write(thread!, ada, 'Still dark.')
    await eventually(() => expect(textsOf(sink.events).at(-1)).toBe('message: Still dark.'))
    await run.stop()
  })

  test('a form whose words were not stored comes again after a restart, and opens no second thread', async () => {
    const { platform, door, run, start, sink } = await atDoor('button')
    const ada = platform.person('Ada')
    sink.refuse(new Error('the database is away'))
    platform.interact(door, ada, { type: 5, data: filledIn('', 'Help') })
    await expect(run.ended).rejects.toThrow('the database is away')
    const again = start(sink.cursor)
    await eventually(() => expect(textsOf(sink.events)).toEqual(['message: Help']))
    expect(threadsOf(platform).map(({ name }) => name)).toEqual(['Ada'])
    expect(platform.held(threadsOf(platform)[0]!.id)).toHaveLength(1)
    expect(platform.state.calls.filter(({ path }) => path.endsWith('/callback')).map(({ status }) => status)).toEqual([
      204, 400,
    ])
    await again.stop()
  })

  test('whoever sends a form where Discord forbids the thread is told so', async () => {
    const { platform, door, run } = await atDoor('button')
    const headers = { 'content-type': 'application/json' }
    const body = '{"code":50013,"message":"Missing Permissions"}'
    const fault = { name: 'no permission', effect: false, status: 403, headers, body }
    platform.state.faults.push({ matches: /^POST .*\/threads$/, fault, left: 1 })
    const sent = platform.interact(door, platform.person('Ada'), { type: 5, data: filledIn('', 'Help') })
    await eventually(() => expect(sent.original).toMatchObject({ content: expect.stringContaining('did not work') }))
    await run.stop()
  })

  test('every message opens a thread of its own, named after it; what staff, bots and ignored roles write does not', async () => {
    const stage = await discordStage((platform) => ({
      supportChannels: [{ id: platform.channel('support').id, open: 'everyMessage' }],
      staffRoles: [platform.role('Staff')],
      ignoreRoles: [platform.role('Muted')],
    }))
    const { platform, sink } = stage
    const [staff, muted] = platform.state.roles.map(({ id }) => id)
    const door = [...platform.state.channels.values()][0]!
    const run = stage.start()
    await eventually(() => sink.cursor !== null)
    platform.write(door, platform.person('Bo', { roles: [staff!] }), 'good morning')
    platform.write(door, platform.person('Mo', { roles: [muted!] }), 'let me in')
    platform.write(door, { ...platform.person('Levels'), bot: true }, 'level up')
    const asked = platform.write(door, platform.person('Ada'), 'My lamp is broken')
    const thread = await eventually(() => platform.state.channels.get(asked.id) ?? null)
    expect(thread).toMatchObject({ type: 11, name: 'My lamp is broken' })
    platform.write(thread, platform.person('Cy', { roles: [staff!] }), 'We send another')
    await eventually(() => sink.events.length === 2)
    expect(textsOf(sink.events)).toEqual(['message: My lamp is broken', 'echo: We send another'])
    expect(sink.events[1]?.thread).toEqual(sink.events[0]?.thread)
    expect(sink.ignored).toBe(3)
    await run.stop()
  })

  test('an answer opens the thread where it could not be opened before, and no second one', async () => {
    const { platform, door, sink, connection, request, run } = await atDoor('everyMessage')
    const broken = {
      name: 'no permission',
      effect: false,
      status: 403,
      body: '{"code":50013,"message":"Missing Permissions"}',
    }
    platform.state.faults.push({ matches: /^POST .*\/threads$/, fault: broken, left: 1 })
    const asked = platform.write(door, platform.person('Ada'), 'Hello?')
    await eventually(() => sink.events.length === 1)
    await eventually(() => platform.state.faults[0]?.left === 0)
    const { thread } = sink.events[0]!
    await connection.send(request(thread, 'Here we are'), now())
    await connection.send(request(thread, 'Still here'), now())
    expect(platform.held(asked.id)).toEqual(['Here we are', 'Still here'])
    await run.stop()
  })

  test('a role that is renamed is called by its new name from then on', async () => {
    const { platform, door, run, sink } = await atDoor('everyMessage')
    const ada = platform.person('Ada', { roles: [platform.role('Gold')] })
    const rolesTold = () => sink.events.map((event) => ('sender' in event ? event.sender?.profile?.['roles'] : ''))
    platform.write(door, ada, 'one')
    await eventually(() => expect(rolesTold()).toEqual(['Gold']))
    const [role] = platform.state.roles
    Object.assign(role!, { name: 'Platinum' })
    platform.utter('GUILD_ROLE_UPDATE', { guild_id: platform.state.guildId, role })
    platform.write(door, ada, 'two')
    await eventually(() => expect(rolesTold()).toEqual(['Gold', 'Platinum']))
    await run.stop()
  })

  test('where a mention opens, nothing else does', async () => {
    const { platform, door, sink, run } = await atDoor('mention')
    const ada = platform.person('Ada')
    platform.write(door, ada, 'anybody?')
    platform.write(door, ada, `<@${platform.state.bot.id}> help`, { more: { mentions: [platform.state.bot] } })
    await eventually(() => sink.events.length === 1)
    expect(textsOf(sink.events)).toEqual(['message: @northstar-support help'])
    expect(sink.ignored).toBe(1)
    await run.stop()
  })

  test('a forum post is a conversation with its title and tags, started by its first message', async () => {
    const { platform, door, sink, run } = await atDoor('forumPost', 15)
    const post = platform.forumPost(door, platform.person('Ada'), {
      title: 'Refund?',
      text: 'In May.',
      tags: ['1300000000000000900'],
    })
    platform.write(post, platform.person('Bo'), 'Me too.')
    await eventually(() => sink.events.length === 2)
    expect(sink.events[0]).toMatchObject({
      subject: 'Refund? [Billing]',
      text: 'In May.',
      thread: { kind: 'post', audience: 'public' },
    })
    expect(sink.events[1]).not.toHaveProperty('subject')
    await run.stop()
  })
})

describe('both ways', () => {
  test('a choice is a button; pressed once, it is said, acknowledged, and shown as pressed', async () => {
    const stage = await discordStage()
    const { platform, sink, connection } = stage
    const { who, channel } = direct(platform)
    const run = stage.start()
    await eventually(() => sink.cursor !== null)
    const [row] = [
      {
        type: 1,
        components: ['a', 'b'].map((id) => ({ type: 2, style: 2, label: id.toUpperCase(), custom_id: `choice:${id}` })),
      },
    ]
    const payload = { content: 'Which?', files: [], components: [row] }
    const request = stage.request(directThread(channel), 'Which?')
    const { externalId } = await connection.send({ ...request, part: { ...request.part, payload } }, now())
    const offered = platform.state.messages.get(channel.id)!.find(({ id }) => id === externalId)!
    const pressed = platform.interact(channel, who, {
      type: 3,
      data: { component_type: 2, custom_id: 'choice:b' },
      message: offered,
    })
    await eventually(() => sink.events.some(({ kind }) => kind === 'choice'))
    await eventually(() => expect(pressed.answers).toMatchObject([{ type: 6 }]))
    expect(sink.events.find(({ kind }) => kind === 'choice')).toMatchObject({
      of: externalId,
      choiceId: 'b',
      label: 'B',
    })
    const shown = [
      {
        components: [
          { disabled: true, style: 2 },
          { disabled: true, style: 1 },
        ],
      },
    ]
    await eventually(() => expect(offered.components).toMatchObject(shown))
    await run.stop()
  })

  test('edits, removals, reactions and typing go out as Discord takes them, and the spec agrees with what it holds', async () => {
    const { platform, connection, request } = await discordStage()
    const { who, channel } = direct(platform)
    const thread = directThread(channel)
    const theirs = platform.write(channel, who, 'hello')
    const sent = request(thread, 'helo', { replyTo: theirs.id })
    const { externalId } = await connection.send(sent, now())
    const held = platform.state.messages.get(channel.id)!.find(({ id }) => id === externalId)!
    expect(held.more).toMatchObject({ message_reference: { message_id: theirs.id } })
    expect(MessageResponseSchema.safeParse(messageJson(platform.state, held)).error?.issues).toBeUndefined()
    await connection.edit?.({ ...request(thread, '**hello**'), externalId }, now())
    expect(held.content).toBe('**hello**')
    const react = (reactions: string[]) =>
      connection.react?.({ deliveryId: '1', thread, externalId: theirs.id, reactions }, now())
    await react(['👍', '🎉'])
    await react(['🎉'])
    expect([...theirs.reactions].flatMap(([emoji, whose]) => (whose.size > 0 ? [emoji] : []))).toEqual(['🎉'])
    await connection.showTyping?.(thread)
    expect(platform.state.calls.at(-1)).toMatchObject({ method: 'POST', path: `/channels/${channel.id}/typing` })
    await connection.remove?.({ deliveryId: '1', thread, externalId }, now())
    await connection.remove?.({ deliveryId: '1', thread, externalId }, now())
    expect(platform.held(channel.id)).toEqual([])
  })

  test('an archived thread is opened by what we write, a locked one refuses it', async () => {
    const { platform, connection, request, run } = await atDoor('button')
    const door = [...platform.state.channels.values()][0]!
    const thread = platform.thread(door, 'An old matter')
    const ref = { key: `${door.id}/${thread.id}`, kind: 'privateThread', audience: 'private' } as const
    thread.archived = true
    await connection.send(request(ref, 'still here'), now())
    expect(thread.archived).toBe(false)
    thread.locked = true
    await expect(connection.send(request(ref, 'and now'), now())).rejects.toMatchObject({
      failure: { kind: 'rejected', reason: 'threadGone' },
    })
    expect(platform.held(thread.id)).toEqual(['still here'])
    await run.stop()
  })

  test('their edits, removals, reactions and typing come in', async () => {
    const { platform, sink, start } = await discordStage()
    const { who, channel } = direct(platform)
    const typing: unknown[] = []
    sink.ephemeral = (event) => void typing.push(event)
    const run = start()
    await eventually(() => sink.cursor !== null)
    platform.types(channel, who)
    const [one, two, three] = ['one', 'two', 'three'].map((text) => platform.write(channel, who, text))
    platform.unfurl(one!)
    platform.edit(one!, 'one, mended')
    platform.react(two!, who, '🔥')
    await eventually(() => sink.events.length === 5)
    platform.remove(channel, one!)
    platform.remove(channel, two!, three!)
    await eventually(() => sink.events.length === 8)
    expect(textsOf(sink.events)).toEqual([
      'message: one',
      'message: two',
      'message: three',
      'edit: one, mended',
      'reaction',
      'removal',
      'removal',
      'removal',
    ])
    expect(sink.events[4]).toMatchObject({ reactions: ['🔥'], sender: { key: who.id } })
    expect(typing).toEqual([{ thread: channel.id, typing: true }])
    await run.stop()
  })

  test('a file is fetched, also when its address has expired meanwhile', async () => {
    const { platform, sink, start, connection } = await discordStage()
    const { who, channel } = direct(platform)
    const run = start()
    await eventually(() => sink.cursor !== null)
    platform.state.filesLiveMs = -60_000
    const message = platform.write(channel, who, '', {
      files: [{ name: 'lamp.png', type: 'image/png', bytes: Buffer.from('a lamp') }],
    })
    await eventually(() => sink.events.length === 1)
    const event = sink.events[0]
    const [attachment] = event?.kind === 'message' ? (event.attachments ?? []) : []
    expect(attachment).toMatchObject({ name: 'lamp.png', type: 'image/png', size: 6 })
    await expect(connection.download(attachment!, now())).rejects.toMatchObject({ failure: { kind: 'rejected' } })
    const fresh = message.attachments[0]!
    fresh.url = fresh.url.replace(/ex=.*/, 'ex=ffffffff')
    expect(String(await buffer(await connection.download(attachment!, now())))).toBe('a lamp')
    await run.stop()
  })
})
