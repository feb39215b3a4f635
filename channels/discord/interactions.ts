import { setTimeout as pause } from 'node:timers/promises'
import type { InboundSink } from '../../src/channel/contract.ts'
import type { ChannelError } from '../../src/channel/errors.ts'
import { list } from '../../src/channel/lenient.ts'
import { commandEvent, commandOf, ensureCommands } from './commands.ts'
import { answersIn, asMessage, choosesTopic, isForm, plainForm, topicForm, topicMenu } from './form.ts'
import type { Link } from './link.ts'
import { buttonsIn, choiceEvent, choiceOf, senderOf } from './parse.ts'
import { doorOf, type Place } from './places.ts'
import { type Heard, roleOf } from './read.ts'
import { type Channel, channelSchema, type Interaction, interactionSchema, madeSchema, messageSchema } from './wire.ts'

/** https://docs.discord.com/developers/interactions/receiving-and-responding */
const asked = { command: 2, component: 3 } as const
const contactId = 'tributary:contact'
const command = { name: 'support', type: 1, description: 'Contact support', contexts: [0] }
const quiet = { enforce_nonce: true, allowed_mentions: { parse: [] } }
/** What customers read of ours on Discord. */
const phrases = {
  panel: 'Only you and our team will see the conversation.\n只有你和我们的客服能看到对话内容。',
  contact: 'Contact support · 联系客服',
  opened: 'We have your message. The conversation goes on here · 已收到，对话在这里继续：',
  heard: 'The answer follows in this conversation. · 回复将出现在本对话中。',
  where:
    'This is answered in private only: write the bot a direct message, or press “Contact support”. · 仅在私密对话中回复：请私信机器人，或点击“联系客服”。',
  failed: 'This did not work. Please write to us in another way. · 操作未成功，请通过其他方式联系我们。',
}

export const asksForForm = (interaction: Interaction): boolean => {
  const { type, data } = interaction
  if (type === asked.command) return data.name === command.name
  return data.custom_id === contactId || choosesTopic(interaction)
}

/** Which form, or, of several, first what it is about. Discord waits three seconds: without an answer in time it is the plain one. */
export async function formFor({ env }: Link, interaction: Interaction): Promise<object> {
  const { data, locale = 'en' } = interaction
  const forms = await Promise.race([env.forms().catch(() => []), pause(formsMs, [], { ref: false })])
  const [only] = forms
  if (choosesTopic(interaction)) {
    const chosen = forms.find(({ topicId }) => topicId === data.values[0])
    return chosen ? topicForm(chosen, locale, false) : plainForm
  }
  if (!only) return plainForm
  return forms.length === 1 ? topicForm(only, locale, true) : topicMenu(forms, locale)
}

/** ms. */
const formsMs = 1_500

type First = 'well' | 'before' | 'late'

/** Discord waits three seconds for a first answer: a form, or that another answer follows. */
export function answerFirst(link: Link, raw: unknown): void {
  const interaction = interactionSchema.safeParse(raw).data
  if (!interaction) return
  const later =
    isForm(interaction) || interaction.type === asked.command ? { type: 5, data: { flags: 64 } } : { type: 6 }
  const path = `/interactions/${interaction.id}/${interaction.token}/callback`
  const call = (body: object) => link.api.call('POST', path, { body })
  const first = told(link, asksForForm(interaction) ? formFor(link, interaction).then(call) : call(later))
  void link.deferred.set(interaction.id, first)
  if (!isForm(interaction)) return
  const content = first.then((how) => (how === 'late' ? null : openPrivately(link, interaction, how)))
  void link.opening.set(interaction.id, content)
  void content.then((words) => words !== null && answer(link, interaction, { content: words }))
}

/** An answer that comes too late is only noted; 'before': a process that ended since had given it. */
function told({ env }: Link, call: Promise<unknown>): Promise<First> {
  return call.then(
    () => 'well',
    ({ message: reason }: ChannelError) => {
      env.log.info({ event: 'discord.interaction', reason }, 'An interaction could not be answered.')
      return reason.includes('(40060)') ? 'before' : 'late'
    },
  )
}

export function answer(link: Link, { id, token }: Interaction, body: object): void {
  const path = `/webhooks/${link.applicationId}/${token}/messages/@original`
  void (link.deferred.get(id) ?? Promise.resolve()).then(() => told(link, link.api.call('PATCH', path, { body })))
}

async function askerOf(link: Link, interaction: Interaction) {
  const { guild_id: guild, member, user, locale } = interaction
  const role = guild && member ? await roleOf(link, guild, member.user.id, member) : null
  return { thread: await link.places.refOf(interaction), role, sender: senderOf(member?.user ?? user, role, locale) }
}

/** What is asked of the program is answered where nobody else reads it; people may be asked for anywhere. `content`: told at once. */
export async function hearCommand(link: Link, raw: unknown) {
  const interaction = interactionSchema.safeParse(raw).data
  const command = interaction?.type === asked.command ? commandOf(interaction) : null
  if (!interaction || !command) return null
  const { thread, role, sender } = await askerOf(link, interaction)
  const place = thread?.audience === 'private' || command.name === 'human' ? thread : null
  const served = place && sender.key !== '' && !role?.staff && !role?.ignored
  const events = served ? [commandEvent(interaction, command, { thread: place, sender, raw })] : []
  return { interaction, events, content: served ? phrases.heard : phrases.where }
}

/** A form is done with once its words stand in their thread: until then it comes again after a restart. */
export async function hearInteraction(link: Link, raw: unknown): Promise<Heard> {
  const interaction = interactionSchema.safeParse(raw).data
  if (interaction && isForm(interaction)) await link.opening.get(interaction.id)
  const told = await hearCommand(link, raw)
  if (told) return { events: told.events, after: () => answer(link, told.interaction, { content: told.content }) }
  const pressed = await hearChoice(link, raw)
  if (!pressed) return { events: [] }
  return { events: pressed.events, after: () => answer(link, pressed.interaction, { components: pressed.components }) }
}

/** A pressed choice: what was said, and what to show once it is committed. */
export async function hearChoice(link: Link, raw: unknown) {
  const interaction = interactionSchema.safeParse(raw).data
  if (interaction?.type !== asked.component || choiceOf(interaction.data.custom_id) === null) return null
  const { data, message } = interaction
  const { thread, sender } = await askerOf(link, interaction)
  const event = thread && choiceEvent(interaction, { thread, sender, raw })
  // The buttons stay, can no longer be pressed, and show which one was.
  const pressed = JSON.stringify(message?.components ?? [], (_, part) => {
    if (part?.type !== 2) return part
    return { ...part, disabled: true, ...(part.custom_id === data.custom_id && { style: 1 }) }
  })
  return { interaction, events: event ? [event] : [], components: JSON.parse(pressed) as unknown[] }
}

/** A private thread with whoever asked in it: where the button was pressed, or in the first channel that has one. What to tell them. */
export async function openPrivately(link: Link, interaction: Interaction, how: First): Promise<string> {
  const { places, settings } = link
  const { channel_id: here = '', guild_id: guild, member } = interaction
  try {
    for (const id of [here, ...settings.supportChannels.map((one) => one.id)]) {
      const place = await places.get(id)
      if (!member || place?.guild_id !== guild || place?.parent !== null || doorOf(settings, place) !== 'button')
        continue
      return `${phrases.opened} <#${await openIn(link, place, { interaction, who: member, how })}>`
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : ''
    link.env.log.warn({ event: 'discord.contact', reason }, 'A private thread could not be opened.')
  }
  return phrases.failed
}

interface Wish {
  readonly interaction: Interaction
  readonly who: NonNullable<Interaction['member']>
  readonly how: First
}

async function openIn(
  { api, env }: Link,
  place: Place,
  { interaction, who: { nick, user }, how }: Wish,
): Promise<string> {
  const asked = answersIn(interaction, await env.forms())
  const name = (asked.subject || nick || user.global_name || user.username).slice(0, 90)
  const wish = { name, type: 12, invitable: false, auto_archive_duration: 10_080 }
  // A process that ended since may have opened it already.
  const active = how === 'before' ? await api.find(`/guilds/${place.guild_id}/threads/active`) : null
  const open = list(channelSchema).parse((active as { threads?: unknown } | null)?.threads)
  const ours = (one: Channel) =>
    one.parent_id === place.id && one.name === name && BigInt(one.id) > BigInt(interaction.id)
  const made =
    open.find(ours) ?? madeSchema.parse(await api.call('POST', `/channels/${place.id}/threads`, { body: wish }))
  await api.call('PUT', `/channels/${made.id}/thread-members/${user.id}`)
  // Told again within minutes, it is the same message.
  await api.call('POST', `/channels/${made.id}/messages`, { body: asMessage(user.id, asked, interaction.id) })
  return made.id
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
