import { randomInt } from 'node:crypto'
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { commit } from '../bench/machine.ts'
import { startMeasuredServer } from '../bench/server.ts'
import { killBot } from './b1-bot.ts'
import type { Campaign, CampaignWish } from './campaign.ts'
import { downtime } from './downtime.ts'
import { killApp, killAppMail, killAppPlatforms } from './f1-kill-app.ts'
import { killDatabase, killDatabaseMail } from './f2-kill-database.ts'
import { lostAnswer, lostAnswerMail, lostAnswerPlatforms } from './f3-lost-answer.ts'
import { zombie, zombiePlatforms } from './f6-zombie.ts'
import { deafSockets } from './f10-deaf-sockets.ts'
import { cuts } from './f11-cuts.ts'
import { type Judged, runControls } from './f13-controls.ts'
import { crookedRelay } from './m4-crooked-relay.ts'
import { sentFolder } from './m5-sent-folder.ts'
import { crookedPlatforms } from './p4-crooked-platforms.ts'
import { channelNames } from './platform-plans.ts'
import { soak } from './soak.ts'

const usage = `npm run test:chaos -- [--rounds N] [--only F1,F3] [--channels telegram,x] [--minutes N] [--seed N]
  Kills what runs, again and again, and compares what was promised with what is there.
  F1 app killed, F2 database killed, F3 killed inside the platform's answer, F6 stopped past its leases,
  B1 killed while the bot answers, F10 sockets that never read, F11 agents cut off, M1 to M4: F1, F2, F3 and a relay that misbehaves, on email,
  M5 (when named) M3 with a folder of sent mail, P1, P3 and P6: F1, F3 and F6 on Telegram, Discord, X and the widget, P4 their misbehaviour
  (or those that --channels names), downtime: stopped and started again on every channel, soak (when named) all channels at once for --minutes, F13 controls that must go red.`

const campaigns: Readonly<Record<string, Campaign>> = {
  F1: killApp,
  F2: killDatabase,
  F3: lostAnswer,
  F6: zombie,
  B1: killBot,
  F10: deafSockets,
  F11: cuts,
  M1: killAppMail,
  M2: killDatabaseMail,
  M3: lostAnswerMail,
  M4: crookedRelay,
  M5: sentFolder,
  P1: killAppPlatforms,
  P3: lostAnswerPlatforms,
  P4: crookedPlatforms,
  P6: zombiePlatforms,
  downtime,
  soak,
}
// One needs root and the Debian packages of a mail server, the other an hour.
const onlyWhenNamed = ['M5', 'soak']

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '20' },
      only: { type: 'string' },
      channels: { type: 'string' },
      minutes: { type: 'string', default: '60' },
      seed: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  const known = [...Object.keys(campaigns), 'F13']
  const chosen = values.only?.split(',') ?? known.filter((name) => !onlyWhenNamed.includes(name))
  const rounds = Number(values.rounds)
  const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed)
  const minutes = Number(values.minutes)
  const channels = values.channels?.split(',')
  const wrong =
    chosen.some((name) => !known.includes(name)) ||
    channels?.some((name) => !channelNames.includes(name)) ||
    !(rounds >= 1) ||
    !(minutes > 0) ||
    !Number.isInteger(seed)
  if (values.help || wrong) {
    process.stdout.write(`${usage}\n`)
    return wrong ? 2 : 0
  }
  const cores = `${cpus().length} cores  load ${loadavg()[0]?.toFixed(1)}`
  say(`tributary chaos  ${commit()}  ${cores}  node ${process.versions.node}  seed ${seed}`)
  say(row(['campaign', 'rounds', 'kills', 'acked', 'stored', 'lost', 'twice', 'disorder', 'uncertain', 'red', 's']))
  const server = await startMeasuredServer()
  try {
    const wish = { rounds, minutes, seed, server, say, ...(channels && { channels }) }
    let violations = 0
    for (const name of chosen) violations += await runOne(name, wish)
    say(violations === 0 ? 'no violations' : `${violations} violations`)
    return violations === 0 ? 0 : 1
  } finally {
    await server.stop()
  }
}

async function runOne(name: string, wish: CampaignWish): Promise<number> {
  let violations = 0
  try {
    for await (const judged of resultsOf(name, wish)) {
      print(judged)
      violations += judged.result.violations.length
    }
    return violations
  } catch (error) {
    say(`${name} could not be run: ${error instanceof Error ? error.stack : String(error)}`)
    return violations + 1
  }
}

async function* resultsOf(name: string, wish: CampaignWish): AsyncGenerator<Judged> {
  const campaign = campaigns[name]
  if (!campaign) return yield* runControls(wish)
  const start = Date.now()
  const result = await campaign(wish)
  yield { title: name, result, seconds: (Date.now() - start) / 1_000 }
}

function print({ title, result, seconds }: Judged): void {
  const { rounds, kills, acknowledged, stored, lost, twice, disordered } = result
  const uncertain = `${result.uncertainSeen} (${result.uncertainExpected})`
  const counts = [rounds, kills, acknowledged, stored, lost, twice, disordered].map(String)
  say(row([title, ...counts, uncertain, String(result.violations.length), seconds.toFixed(0)]))
  if (result.note) say(`    ${result.note}`)
  for (const violation of result.violations.slice(0, 12)) say(`    ! ${violation}`)
}

function row(cells: readonly string[]): string {
  const widths = [36, 8, 7, 8, 8, 6, 7, 10, 16, 5, 5]
  return cells
    .map((cell, index) => cell.padEnd(widths[index] ?? 8))
    .join('')
    .trimEnd()
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

process.exitCode = await main()
