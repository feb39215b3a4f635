import { Readable } from 'node:stream'
import type { ChannelAdapter, ChannelConnection, ChannelEnv, VisitorDoor } from '../../src/channel/contract.ts'
import { capabilities } from './capabilities.ts'
import { icon } from './icon.ts'
import { verifyIdentity } from './identity.ts'
import { allowsOrigin } from './origins.ts'
import { messageOf, receiptOf, threadOf } from './parse.ts'
import { render } from './render.ts'
import { receiptFor } from './send.ts'
import { parseSettings, settingsSchema, type WidgetSettings } from './settings.ts'
import { translations } from './words.ts'

export const widgetChannel: ChannelAdapter<WidgetSettings> = {
  id: 'widget',
  name: 'Website chat',
  icon,
  settingsSchema,
  instructions: [
    'Save this inbox, then copy the snippet that is shown for it.',
    'Paste the snippet before </body> on every page that should have the chat.',
    'List the addresses of your websites above, so that no other site shows your chat.',
    'If your visitors sign in: make a long random identity secret, keep it on your server, and sign a token for each ' +
      'page (HS256; sub, aud = this inbox’s id, iat, exp within 24 hours). Hand it over with Tributary.identify(token).',
  ],
  translations,
  parseSettings,
  capabilities: () => capabilities,
  render: (content) => render(content),
  continues: ({ continueIn, name }) =>
    continueIn === undefined ? null : { field: 'continueIn', inboxId: continueIn, title: name },
  connect: async (settings, env) => connection(settings, env),
}

function connection(settings: WidgetSettings, env: ChannelEnv): ChannelConnection {
  return {
    // Visitors come to us, and their pages keep what was not acknowledged: there is nothing to ask for.
    receive: async () => {},
    send: async (request) => receiptFor(request),
    edit: async (request) => receiptFor(request),
    remove: async () => {},
    // Typing reaches the visitor's socket directly, from the agent's.
    showTyping: async () => {},
    // Visitors' files are stored before their message exists.
    download: async () => Readable.from([]),
    close: async () => {},
    visitors: visitorDoor(settings, env),
  }
}

function visitorDoor(settings: WidgetSettings, env: ChannelEnv): VisitorDoor {
  return {
    allowsOrigin: (origin) => allowsOrigin(origin, settings.origins, env.publicUrl),
    verifyIdentity: (token) =>
      verifyIdentity(token, { secret: settings.identitySecret, inboxId: env.inboxId, now: env.clock() }),
    publicSettings: () => ({
      name: settings.name,
      greeting: settings.greeting,
      ...(settings.availability && { availability: settings.availability }),
    }),
    liveChat: () => settings.liveChat ?? {},
    message: (input) => messageOf(env.inboxId, input),
    read: (input) => receiptOf('read', input),
    delivered: (input) => receiptOf('delivered', input),
    thread: threadOf,
  }
}
