import { pino } from 'pino'
import { channels } from '../../channels/index.ts'
import { createXChannel } from '../../channels/x/index.ts'
import { readConfig } from '../../config/index.ts'
import { createApp } from '../../src/app.ts'
import type { ChannelAdapter } from '../../src/channel/contract.ts'
import { loopChannel } from '../support/loop-channel/adapter.ts'
import { lookOnSignal } from './look.ts'
import { answerFirst, cursorFirst, withoutKey, withoutMemory } from './sabotage.ts'
import { shortLives } from './short-lives.ts'

/** The real application with one more channel: what campaigns kill and benches measure. */
const sabotage = process.env['CHAOS_SABOTAGE']
const sabotaged = (channel: ChannelAdapter): ChannelAdapter => {
  if (sabotage === 'cursor') return cursorFirst(channel)
  if (sabotage === 'key') return withoutKey(channel)
  if (sabotage === 'memory') return withoutMemory(channel)
  return sabotage === 'commit' ? answerFirst(channel) : channel
}
// Its look once a minute would be all that happens in a round.
const quickX = createXChannel({ pollMs: 200, reconcileMs: 200 }) as ChannelAdapter
if (process.env['CHAOS_THREADS'] === 'short') shortLives()
const known = channels.map((channel) => (channel.id === quickX.id ? quickX : channel))
const config = readConfig()
if (config.databaseUrl === undefined || config.secretKey === undefined) throw new Error('DATABASE_URL and SECRET_KEY')
const app = await createApp({
  config,
  channels: [...known, loopChannel].map(sabotaged),
  target: { url: config.databaseUrl },
  dataDir: config.dataDir,
  secretKey: config.secretKey,
  log: pino({ level: config.logLevel }),
})

const lookFile = process.env['CHAOS_LOOK']
if (lookFile !== undefined) lookOnSignal(lookFile)

let stopping = false
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (stopping) process.exit(1)
    stopping = true
    app.close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  })
}
