import { channels } from '../../channels/index.ts'
import { SettingsError } from '../channel/errors.ts'
import { createInbox } from '../ingest/save-inbox.ts'
import { createSealer } from '../security/seal.ts'
import { readSecretKey } from '../security/secret-key.ts'
import { type Command, required, several } from './command.ts'
import { settingsFrom } from './setting-arguments.ts'
import { withDatabase } from './site.ts'

export const inboxAdd: Command = {
  name: 'inbox add',
  about: 'Adds an account that customers write to. A running server connects it within seconds.',
  options: {
    channel: { type: 'string', value: 'CHANNEL', about: `${channels.map(({ id }) => id).join(', ')}.` },
    name: { type: 'string', value: 'NAME', about: 'What agents see.' },
    setting: {
      type: 'string',
      multiple: true,
      value: 'KEY=VALUE',
      about: 'May be repeated: key=text, key:=json, key=@file (for secrets); a dot reaches into an object.',
    },
    disabled: { type: 'boolean', about: 'Only saves it; it is switched on later.' },
  },
  run: async ({ values }, output) => {
    const channel = required(values, 'channel')
    const name = required(values, 'name')
    const settings = settingsFrom(several(values, 'setting'))
    return withDatabase(async ({ db, config, dataDir }) => {
      const sealer = createSealer(readSecretKey(dataDir, config.secretKey).key)
      const enabled = values['disabled'] !== true
      const ctx = { db, channels, sealer, clock: () => new Date() }
      const inbox = await createInbox(ctx, { channel, name, settings, enabled }).catch((error: unknown) => {
        throw error instanceof SettingsError ? new Error(`${error.field}: ${error.message}`, { cause: error }) : error
      })
      output.say(`Inbox ${inbox.id} (${inbox.name}) is here${enabled ? '' : ', switched off'}.`)
      return 0
    })
  },
}
