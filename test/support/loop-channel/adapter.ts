import type { ChannelAdapter } from '../../../src/channel/contract.ts'
import { loopCapabilities } from './capabilities.ts'
import { connectLoop } from './connection.ts'
import { renderLoop } from './render.ts'
import { type LoopSettings, loopSettingsSchema, parseLoopSettings } from './settings.ts'

/**
 * The channel of the tests: an adapter like any other, for a platform that we run ourselves (`platform.ts`).
 * Whatever the core promises for a channel is proven on it, with every switch a real platform may have.
 */
export const loopChannel: ChannelAdapter<LoopSettings> = {
  id: 'loop',
  name: 'Loop',
  icon: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" stroke-width="2"><path d="M4 12a4 4 0 0 1 8 0 4 4 0 0 0 8 0 4 4 0 0 0-8 0 4 4 0 0 1-8 0Z"/></svg>',
  settingsSchema: loopSettingsSchema,
  instructions: ['Start the stand-in platform.', 'Copy its address, its token and its webhook secret.'],
  parseSettings: parseLoopSettings,
  capabilities: loopCapabilities,
  render: renderLoop,
  connect: connectLoop,
}
