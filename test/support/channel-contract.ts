import { afterEach, describe } from 'vitest'
import { heardCellClauses, liveCellClauses } from './channel-contract-cells.ts'
import { visitorClauses, webhookClauses } from './channel-contract-doors.ts'
import { renderedCellClauses } from './channel-contract-marks.ts'
import { receivingClauses } from './channel-contract-receiving.ts'
import { sendingClauses } from './channel-contract-sending.ts'
import { shapeClauses } from './channel-contract-shape.ts'
import { type ChannelSubject, type Stage, stageOf } from './channel-subject.ts'

/** Which doors a channel has decides which clauses there are; a clause is never passed by being absent at run time. */
export interface Doors {
  /** `receive` runs until aborted. */
  readonly receives: boolean
  readonly webhook: boolean
  readonly visitors: boolean
}

/** The tests every channel passes: one call for each way of setting it up that differs at the platform. */
export function channelContract(name: string, doors: Doors, open: () => Promise<ChannelSubject>): void {
  describe(`the ${name} channel keeps the agreement`, () => {
    const opened: Stage[] = []
    const stage = async () => {
      const made = stageOf(await open())
      opened.push(made)
      const capabilities = made.subject.adapter.capabilities(made.parsed)
      for (const door of ['receives', 'webhook', 'visitors'] as const) {
        if (capabilities[door] !== doors[door]) throw new Error(`the suite was told otherwise about ${door}`)
      }
      return made
    }
    // Secrets in log lines are looked for after every clause, whatever it was about.
    afterEach(async () => {
      for (const { subject, env } of opened.splice(0)) {
        await subject.close()
        const lines = env.lines.join('\n')
        if (subject.secrets.some((secret) => lines.includes(secret))) throw new Error('a secret was logged')
      }
    })
    shapeClauses(stage)
    renderedCellClauses(stage)
    liveCellClauses(stage)
    if (doors.receives) heardCellClauses(stage)
    sendingClauses(stage)
    if (doors.receives) receivingClauses(stage)
    if (doors.webhook) webhookClauses(stage)
    if (doors.visitors) visitorClauses(stage)
  })
}
