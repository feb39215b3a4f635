import { signIn } from '../../../channels/discord/link.ts'
import { hear } from '../../../channels/discord/read.ts'
import { parseSettings } from '../../../channels/discord/settings.ts'
import { channelEnv } from '../channel-env.ts'
import type { Step, TellerOf } from './story.ts'

const self = { id: '222222222222222222' }
const discordEpoch = 1_420_070_400_000n
const started = Date.now() - 6 * 86_400_000

interface Told {
  readonly t: string
  readonly s: number
  readonly d: unknown
}

/** Dispatches of the gateway about one direct channel; what reactions a message has, it is asked by REST. */
export const discordStory: TellerOf = (run) => {
  const snowflake = (ms: number, low: number) => String(((BigInt(ms) - discordEpoch) << 22n) + BigInt(low))
  const channel = snowflake(started, run)
  const id = (n: number) => snowflake(started + n * 1_000, run)
  const author = { id: snowflake(started - 1, run), username: 'mason', discriminator: '0', global_name: 'Mason' }
  const answers = new Map<string, unknown>([
    ['/users/@me', self],
    ['/applications/@me', { ...self, flags: 1 << 19 }],
  ])
  const fetch: typeof globalThis.fetch = async (input) => {
    const answer = answers.get(String(input).replace('https://discord.com/api/v10', ''))
    return Response.json(answer ?? { message: 'Unknown Message', code: 10008 }, { status: answer ? 200 : 404 })
  }
  const link = signIn(parseSettings({ token: 'MTMwMDAwMDAwMDAwMDAwMDAwMA.of.a-story' }), channelEnv({ fetch }))
  const json = ({ n, text }: Pick<Step, 'n' | 'text'>, more: object = {}) => ({
    id: id(n),
    channel_id: channel,
    author,
    content: text,
    type: 0,
    edited_timestamp: null,
    ...more,
  })
  return {
    does: ['edit', 'remove', 'react'],
    externalId: id,
    tell: (step, _all, final): Told => {
      const { does, n, k, at } = step
      const held = final[n]
      const reactions = held?.reactions.map((name) => ({ count: 1, me: false, emoji: { id: null, name } })) ?? []
      answers.set(
        `/channels/${channel}/messages/${id(n)}`,
        held?.deleted ? undefined : json({ n, text: held?.text ?? '' }, { reactions }),
      )
      const place = { channel_id: channel, message_id: id(n) }
      const told = {
        say: { t: 'MESSAGE_CREATE', d: json(step) },
        edit: { t: 'MESSAGE_UPDATE', d: json(step, { edited_timestamp: at.toISOString() }) },
        remove: { t: 'MESSAGE_DELETE', d: { id: id(n), channel_id: channel } },
        react: { t: 'MESSAGE_REACTION_ADD', d: { user_id: author.id, ...place, emoji: { id: null, name: '👍' } } },
      }[does]
      return { ...told, s: k + 1 }
    },
    hear: async (told) => (await hear(await link, { ...(told as Told), session: `session-${run}` })).events,
  }
}
