import type { MeasuredServer } from '../bench/server.ts'
import { calm } from './calm.ts'
import { collectPolled } from './customers.ts'
import type { Ledger } from './ledger.ts'
import { judgeFeed } from './oracle-feed.ts'
import { type Findings, findings, judgeIncoming } from './oracle-in.ts'
import { judgeOutgoing } from './oracle-out.ts'
import type { Sabotage } from './sabotage.ts'
import { sharesOf } from './shares.ts'
import type { Stage } from './stage.ts'

export interface CampaignWish {
  readonly rounds: number
  readonly seed: number
  readonly server: MeasuredServer
  readonly sabotage?: Sabotage
  /** How long the soak lasts. */
  readonly minutes?: number
  /** Of the campaigns on platforms; absent: all. */
  readonly channels?: readonly string[]
  readonly say: (text: string) => void
}

export interface CampaignResult {
  readonly rounds: number
  readonly kills: number
  readonly acknowledged: number
  readonly stored: number
  readonly lost: number
  readonly twice: number
  readonly disordered: number
  /** As the campaign says it: how many there may be. */
  readonly uncertainExpected: string
  readonly uncertainSeen: number
  readonly violations: readonly string[]
  /** Figures of the campaign's own. */
  readonly note?: string
}

export type Campaign = (wish: CampaignWish) => Promise<CampaignResult>

/** Everything has been killed that will be: wait for peace, then compare the ledger with the world. */
export async function judge(
  stage: Stage,
  rounds: number,
  more: readonly string[] = [],
  patienceMs?: number,
): Promise<CampaignResult> {
  const found: Findings = findings()
  found.violations.push(...more, ...(await calm(stage, patienceMs)))
  collectPolled(stage)
  const stored = await judgeIncoming(stage, found)
  const { replies, uncertain, settled } = await judgeOutgoing(stage, found)
  await judgeFeed(stage, found)
  const { ledger } = stage
  if (found.violations.length > 0) {
    stage.keep = true
    found.violations.push(`ledger and logs: ${stage.folder}`)
  }
  return {
    rounds,
    kills: ledger.kills.length,
    acknowledged: ledger.acknowledged.size,
    stored: stored + replies,
    lost: found.lost,
    twice: found.twice,
    disordered: found.disordered,
    uncertainExpected: `<= ${ledger.inFlight.size + spoiledOnes(ledger)}`,
    uncertainSeen: uncertain,
    violations: found.violations,
    note: `uncertain: ${settled}${await sharesOf(stage)}`,
  }
}

/** A platform did something to them of which we cannot know whether it was sent. */
function spoiledOnes({ fates }: Ledger): number {
  return [...fates.values()].filter((fate) => fate === 'uncertain' || fate === 'doubtful').length
}

/** What went wrong while the crowd was stopping is a violation like any other. */
export async function hushed(...crowds: readonly { stop(): Promise<void> }[]): Promise<string[]> {
  const ends = await Promise.allSettled(crowds.map((crowd) => crowd.stop()))
  return ends.flatMap((end) => (end.status === 'rejected' ? [String(end.reason)] : []))
}
