import type { ChannelAdapter } from '../src/channel/contract.ts'
import { discordChannel } from './discord/index.ts'
import { emailChannel } from './email/index.ts'
import { telegramChannel } from './telegram/index.ts'
import { widgetChannel } from './widget/index.ts'
import { xChannel } from './x/index.ts'

/** Every channel of this installation; the only file that names them all. */
export const channels: readonly ChannelAdapter[] = [
  widgetChannel as ChannelAdapter,
  emailChannel as ChannelAdapter,
  telegramChannel as ChannelAdapter,
  discordChannel as ChannelAdapter,
  xChannel as ChannelAdapter,
]
