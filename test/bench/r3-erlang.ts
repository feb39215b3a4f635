import { openDatabase } from '../../src/store/database.ts'
import { campaignDatabase } from '../chaos/database.ts'
import { createInbox, createTeam } from '../support/factories.ts'
import { customersOf, erlangWaitMs, type Plan, servedByRouter } from '../support/queue-simulation.ts'
import type { Bench } from './rate.ts'
import type { Line } from './report.ts'
import { mean } from './stats.ts'

/** Three who serve one each at a time, seven tenths of the time: through the real router, on its own clock. */
export async function erlang(bench: Bench): Promise<Line> {
  const plan: Plan = {
    agents: 3,
    busy: 0.7,
    meanServiceMs: 240_000,
    customers: bench.quick ? 400 : 4_000,
    seed: bench.quick ? 19 : 14,
  }
  const target = await campaignDatabase(bench.server.target, `bench_erlang_${process.pid}`)
  const db = await openDatabase(target, { poolSize: 3 })
  try {
    const teamId = await createTeam(db.pool)
    const inboxId = await createInbox(db.pool, { teamId })
    await db.pool.query(
      `with a as (insert into agent (email, name, public_name, role, availability, capacity)
          select 'a' || n, 'A', 'A', 'agent', 'online', 1 from generate_series(1, $1::int) n returning id)
        insert into team_member (team_id, agent_id) select $2, id from a`,
      [plan.agents, teamId],
    )
    const waited = mean(await servedByRouter({ db, teamId, inboxId }, customersOf(plan)))
    const expected = erlangWaitMs(plan)
    const off = Math.abs(waited - expected) / expected
    return {
      goal: 'R3',
      what: `mean wait of ${plan.customers}, against Erlang`,
      measured: `${(waited / 1_000).toFixed(1)} s, ${(off * 100).toFixed(1)} % off`,
      bar: `${(expected / 1_000).toFixed(1)} s +- 10 %`,
      result: off <= 0.1 ? 'ok' : 'missed',
    }
  } finally {
    await db.close()
  }
}
