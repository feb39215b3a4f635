import { type Config, readConfig } from '../../config/index.ts'
import { main, type Running } from '../main.ts'
import type { Command, Output, Values } from './command.ts'
import { firstSignIn } from './first-admin.ts'
import { createLogger } from './logger.ts'
import { awaitStop } from './signals.ts'
import { wayIn } from './way-in.ts'

export const start: Command = {
  name: 'start',
  about: 'Runs Tributary until Ctrl-C: web server, workers, and a database of its own unless DATABASE_URL is set.',
  options: {
    roles: { type: 'string', value: 'LIST', about: 'What this process does (web,worker,connector); instead of ROLES.' },
    demo: {
      type: 'boolean',
      about: 'Loads sample data, once, to look around in; it can be removed again under Settings.',
    },
    'no-backup': { type: 'boolean', about: 'Lets a new release change the tables without backing them up first.' },
    // Handled before the program is loaded, in bin/.
    dev: { type: 'boolean', about: 'Builds again and restarts when a source changes.' },
  },
  run: async ({ values }, output) => {
    const config = configOf(values)
    const log = createLogger(config.logLevel)
    const stop = awaitStop(output)
    const running = await main({ config, log, backUpFirst: values['no-backup'] !== true, onLost: stop.lost })
    stop.whenForced(running.force)
    try {
      if (values['demo'] === true) await loadDemo(running, output)
      await announce(config, running, output)
      const failure = await stop.asked
      return failure === undefined ? 0 : 1
    } finally {
      await running.stop()
      log.info({ event: 'stopped' }, 'Stopped.')
    }
  },
}

async function loadDemo({ app }: Running, output: Output): Promise<void> {
  const isNew = await app.loadSample()
  output.say(isNew ? 'Sample data is loaded.' : 'Sample data was loaded before; nothing was added.')
}

function configOf({ roles }: Values): Config {
  return typeof roles === 'string' ? readConfig(undefined, { ROLES: roles }) : readConfig()
}

async function announce(config: Config, running: Running, output: Output): Promise<void> {
  const { app, dataDir, embedded } = running
  if (!config.roles.includes('web')) {
    output.say(`Tributary is ready (${config.roles.join(', ')}).`)
    return
  }
  const link = await firstSignIn(app.db, config, app.url)
  output.say(`Tributary is ready at ${app.url}`)
  const way = wayIn(config, new URL(app.url).port)
  if (way) output.say(way)
  output.say(`Data in ${dataDir}${embedded ? '' : ', database at DATABASE_URL'}`)
  if (link) output.say(`Nobody can sign in yet. Become the first administrator (once, within 7 days): ${link}`)
}
