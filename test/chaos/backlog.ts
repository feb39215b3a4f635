import { setTimeout as pause } from 'node:timers/promises'
import { rowsOf } from './database.ts'
import type { Stage } from './stage.ts'

/** So much may wait at a platform, in all its places together. */
const most = 100
const everyMs = 300

/** Resolves when the inbox is not too far behind what was said in it. */
export type KeepUp = (inbox: string) => Promise<void>

/** A platform takes what is said whether we are there or not: without a brake, people would run away from a program that is killed all the time. */
export function keepingUp(stage: Stage, quiet: AbortSignal): KeepUp {
  const behind = new Map<string, number>()
  const sites = stage.inboxes.filter(({ site }) => site)
  if (sites.length === 0) return async () => {}
  const watching = async () => {
    for (; !quiet.aborted; await pause(everyMs)) {
      const here = await countsOf(stage).catch(() => null)
      if (here) for (const { id } of sites) behind.set(id, wordsIn(stage, id) - (here.get(id) ?? 0))
    }
  }
  void watching()
  return async (inbox) => {
    while ((behind.get(inbox) ?? 0) > most && !quiet.aborted) await pause(everyMs)
  }
}

function wordsIn({ ledger }: Stage, inbox: string): number {
  const ofInbox = (one: { inbox: string }) => one.inbox === inbox
  return ledger.said.filter(ofInbox).length + ledger.replied.filter(ofInbox).length
}

async function countsOf({ pool }: Stage): Promise<Map<string, number>> {
  const sql = 'select inbox_id as inbox, sum(message_count) as n from conversation group by inbox_id'
  const rows = await rowsOf<{ inbox: string; n: string }>(pool, sql)
  return new Map(rows.map(({ inbox, n }) => [inbox, Number(n)]))
}
