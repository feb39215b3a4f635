import type { InboundSink } from '../../src/channel/contract.ts'
import type { ChannelError } from '../../src/channel/errors.ts'
import { list } from '../../src/channel/lenient.ts'
import { commandEvent, commandOf, ensureCommands } from './commands.ts'
import type { Link } from './link.ts'
import { buttonsIn, choiceEvent, choiceOf, senderOf } from './parse.ts'
import { doorOf } from './places.ts'
import { type Heard, roleOf } from './read.ts'
import { type Interaction, interactionSchema, madeSchema, messageSchema } from './wire.ts'

/** https://docs.discord.com/developers/interactions/receiving-and-responding */
const asked = { command: 2, component: 3 } as const
const contactId = 'tributary:contact'
const command = { name: 'support', type: 1, description: 'Contact support', contexts: [0] }
const quiet = { enforce_nonce: true, allowed_mentions: { parse: [] } }
/** What customers read of ours on Discord. */
const phrases = {
  panel: 'Only you and our team will see the conversation.\n只有你和我们的客服能看到对话内容。',
  contact: 'Contact support · 联系客服',
  opened: 'Tell us here how we can help · 请在这里告诉我们您的问题：',
  heard: 'The answer follows in this conversation. · 回复将出现在本对话中。',
  where:
    'This is answered in private only: write the bot a direct message, or press “Contact support”. · 仅在私密对话中回复：请私信机器人，或点击“联系客服”。',
  failed: 'This did not work. Please write to us in another way. · 操作未成功，请通过其他方式联系我们。',
}

const opens = ({ type, data }: Interaction) =>
  type === asked.command ? data.name === command.name : data.custom_id === contactId

/** Discord waits three seconds for a first answer: that another one follows. */
export function answerFirst(link: Link, raw: unknown): void {
  const interaction = interactionSchema.safeParse(raw).data
  if (!interaction) return
  const body = interaction.type === asked.command || opens(interaction) ? { type: 5, data: { flags: 64 } } : { type: 6 }
  const path = `/interactions/${interaction.id}/${interaction.token}/callback`
  const first = told(link, link.api.call('POST', path, { body }))
  void link.deferred.set(interaction.id, first)
  // What comes again, after a restart, was answered before.
  if (opens(interaction)) void first.then((well) => (well ? openPrivately(link, interaction) : undefined))
}

/** An answer that comes too late is only noted. */
function told({ env }: Link, call: Promise<unknown>): Promise<boolean> {
  const failed = ({ message: reason }: ChannelError) => {
    env.log.info({ event: 'discord.interaction', reason }, 'An interaction could not be answered.')
    return false
  }
  return call.then(() => true, failed)
}

function answer(link: Link, { id, token }: Interaction, body: object): void {
  const path = `/webhooks/${link.applicationId}/${token}/messages/@original`
  void (link.deferred.get(id) ?? Promise.resolve()).then(() => told(link, link.api.call('PATCH', path, { body })))
}

async function askerOf(link: Link, interaction: Interaction) {
  const { guild_id: guild, member, user, locale } = interaction
  const role = guild && member ? await roleOf(link, guild, member.user.id, member) : null
  return { thread: await link.places.refOf(interaction), role, sender: senderOf(member?.user ?? user, role, locale) }
}

/** What is asked of the program is answered where nobody else reads it; people may be asked for anywhere. */
async function hearCommand(link: Link, interaction: Interaction, raw: unknown): Promise<Heard> {
  const command = commandOf(interaction)
  if (!command) return { events: [] }
  const { thread, role, sender } = await askerOf(link, interaction)
  const place = thread?.audience === 'private' || command.name === 'human' ? thread : null
  const served = place && sender.key !== '' && !role?.staff && !role?.ignored
  const content = served ? phrases.heard : phrases.where
  const events = served ? [commandEvent(interaction, command, { thread: place, sender, raw })] : []
  return { events, after: () => answer(link, interaction, { content }) }
}

/** A pressed choice: what was said, and what to show once it is committed. */
export async function hearInteraction(link: Link, raw: unknown): Promise<Heard> {
  const interaction = interactionSchema.safeParse(raw).data
  if (interaction?.type === asked.command) return hearCommand(link, interaction, raw)
  if (interaction?.type !== asked.component || choiceOf(interaction.data.custom_id) === null) return { events: [] }
  const { data, message } = interaction
  const { thread, sender } = await askerOf(link, interaction)
  const event = thread && choiceEvent(interaction, { thread, sender, raw })
  // The buttons stay, can no longer be pressed, and show which one was.
  const pressed = JSON.stringify(message?.components ?? [], (_, part) => {
    if (part?.type !== 2) return part
    return { ...part, disabled: true, ...(part.custom_id === data.custom_id && { style: 1 }) }
  })
  return { events: event ? [event] : [], after: () => answer(link, interaction, { components: JSON.parse(pressed) }) }
}

/** A private thread with whoever asked in it: where the button was pressed, or in the first channel that has one. */
async function openPrivately(link: Link, interaction: Interaction): Promise<void> {
  const { api, places, settings } = link
  const { channel_id: here = '', guild_id: guild, member } = interaction
  try {
    for (const id of [here, ...settings.supportChannels.map((one) => one.id)]) {
      const place = await places.get(id)
      if (!member || place?.guild_id !== guild || place?.parent !== null || doorOf(settings, place) !== 'button')
        continue
      const { id: who, username } = member.user
      const name = (member.nick ?? member.user.global_name ?? username).slice(0, 90)
      const wish = { name, type: 12, invitable: false, auto_archive_duration: 10_080 }
      const thread = madeSchema.parse(await api.call('POST', `/channels/${id}/threads`, { body: wish })).id
      await api.call('PUT', `/channels/${thread}/thread-members/${who}`)
      return answer(link, interaction, { content: `${phrases.opened} <#${thread}>` })
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : ''
    link.env.log.warn({ event: 'discord.contact', reason }, 'A private thread could not be opened.')
  }
  answer(link, interaction, { content: phrases.failed })
}

/** The button stands among the last messages of each channel that has one, and the command exists; what Discord forbids is told. */
export async function ensurePanels(link: Link, sink: InboundSink): Promise<void> {
  const { api, places, settings } = link
  let doors = 0
  const button = { type: 2, style: 1, label: phrases.contact, custom_id: contactId }
  const body = { content: phrases.panel, components: [{ type: 1, components: [button] }], ...quiet }
  for (const { id } of settings.supportChannels) {
    const place = await places.get(id)
    if (!place) sink.warn(`The bot cannot see the support channel ${id}: give it "View Channel" there.`)
    if (!place || doorOf(settings, place) !== 'button') continue
    doors += 1
    const path = `/channels/${id}/messages`
    const last = list(messageSchema).parse(await api.find(`${path}?limit=50`))
    if (last.some((one) => buttonsIn(one.components).some((known) => known.custom_id === contactId))) continue
    const failed = ({ message }: Error) => sink.warn(`No contact button could be placed in channel ${id}. ${message}`)
    await api.call('POST', path, { body: { ...body, nonce: `panel.${id}`.slice(0, 25) } }).catch(failed)
  }
  await ensureCommands(link, doors > 0 ? [command] : [], sink)
}
