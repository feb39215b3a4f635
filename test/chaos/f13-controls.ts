import { killBot } from './b1-bot.ts'
import type { Campaign, CampaignResult, CampaignWish } from './campaign.ts'
import { downtime } from './downtime.ts'
import { killApp, killAppMail, killAppPlatforms } from './f1-kill-app.ts'
import { killDatabase } from './f2-kill-database.ts'
import { lostAnswer, lostAnswerMail, lostAnswerPlatforms } from './f3-lost-answer.ts'
import { zombie } from './f6-zombie.ts'
import { crookedRelay } from './m4-crooked-relay.ts'
import { crookedPlatforms } from './p4-crooked-platforms.ts'
import type { Sabotage } from './sabotage.ts'

interface Control {
  readonly sabotage: Sabotage
  readonly name: string
  readonly campaign: Campaign
  readonly rounds: number
  readonly channels?: readonly string[]
}

/** Which campaign must go red when which clause is taken away. */
const controls: readonly Control[] = [
  { sabotage: 'uniqueIndex', name: 'F1', campaign: killApp, rounds: 3 },
  { sabotage: 'jobRow', name: 'F1', campaign: killApp, rounds: 3 },
  { sabotage: 'cursor', name: 'F2', campaign: killDatabase, rounds: 6 },
  { sabotage: 'leaseCheck', name: 'F3', campaign: lostAnswer, rounds: 2 },
  { sabotage: 'leaseCheck', name: 'F6', campaign: zombie, rounds: 12 },
  { sabotage: 'deadline', name: 'B1', campaign: killBot, rounds: 3 },
  { sabotage: 'handOver', name: 'B1', campaign: killBot, rounds: 3 },
  { sabotage: 'commit', name: 'M1', campaign: killAppMail, rounds: 5 },
  { sabotage: 'uniqueIndex', name: 'M1', campaign: killAppMail, rounds: 3 },
  { sabotage: 'leaseCheck', name: 'M3', campaign: lostAnswerMail, rounds: 2 },
  { sabotage: 'leaseCheck', name: 'M4', campaign: crookedRelay, rounds: 2 },
  { sabotage: 'cursor', name: 'P1', campaign: killAppPlatforms, rounds: 6, channels: ['telegram'] },
  { sabotage: 'leaseCheck', name: 'P3', campaign: lostAnswerPlatforms, rounds: 2, channels: ['telegram'] },
  { sabotage: 'key', name: 'P3', campaign: lostAnswerPlatforms, rounds: 2, channels: ['discord'] },
  { sabotage: 'leaseCheck', name: 'P4', campaign: crookedPlatforms, rounds: 4, channels: ['telegram', 'widget'] },
  { sabotage: 'memory', name: 'downtime', campaign: downtime, rounds: 2, channels: ['discord'] },
]

export interface Judged {
  readonly title: string
  readonly result: CampaignResult
  readonly seconds: number
}

/** One line for each; the violation is a campaign that stayed green. */
export async function* runControls(wish: CampaignWish): AsyncGenerator<Judged> {
  const asked = controls.filter(
    ({ channels: about }) => !wish.channels || about?.some((one) => wish.channels?.includes(one)),
  )
  for (const { sabotage, name, campaign, rounds, channels } of asked) {
    const start = Date.now()
    const more = Math.ceil(wish.rounds / 100)
    const found = await campaign({ ...wish, sabotage, rounds: rounds * more, ...(channels && { channels }) })
    const red = found.violations.length > 0
    const note = red ? `red, as it must be: ${found.violations[0]}` : ''
    const violations = red ? [] : [`${name} stayed green without ${sabotage}: it proves nothing`]
    const seconds = (Date.now() - start) / 1_000
    yield {
      title: `F13 ${name} ${channels ?? ''} without ${sabotage}`.replace('  ', ' '),
      seconds,
      result: { ...found, note, violations },
    }
  }
}
