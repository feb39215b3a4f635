import { openDiscordSite } from './discord-site.ts'
import { type InboxPlan, mailPlan, widgetPlan } from './stage.ts'
import { openTelegramSite } from './telegram-site.ts'
import { openXSite } from './x-site.ts'

/** What each promises of a send that was never answered, as the loop channel's switches say it. */
const platforms: readonly InboxPlan[] = [
  { name: 'telegram', door: 'platform', switches: {}, open: openTelegramSite },
  { name: 'discord', door: 'platform', switches: { idempotent: true }, open: openDiscordSite },
  { name: 'x', door: 'platform', switches: { confirm: true, echo: true }, open: openXSite },
]
const all = [...platforms, widgetPlan, mailPlan]

export const channelNames = all.map(({ name }) => name)

/** The channels that a run is about; email has campaigns of its own and takes part only where all do. */
export function plansFor(channels: readonly string[] | undefined, { mail = false } = {}): InboxPlan[] {
  return all.filter(({ name }) => (channels ? channels.includes(name) : mail || name !== mailPlan.name))
}
