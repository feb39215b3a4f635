import type { InboundEvent } from '../../src/channel/contract.ts'
import { recordInbound } from '../../src/ingest/record-inbound.ts'
import type { RuleContext } from '../../src/routing/apply-rules.ts'
import { route, routeRequest } from '../../src/routing/route.ts'
import { createRules } from '../../src/routing/rule-book.ts'
import { ruleJobs } from '../../src/routing/rule-work.ts'
import { sweepRules } from '../../src/routing/sweep-rules.ts'
import { type Database, transaction } from '../../src/store/database.ts'
import { claimJobs, finishJob, takeJobs } from '../../src/store/job.ts'
import type { NewRule } from '../../src/store/rule.ts'
import { changeRuleSet, insertRule, noteRuleKinds } from '../../src/store/rule.ts'
import { batchOf } from './events.ts'
import { createInbox, type InboxWish, unique } from './factories.ts'
import { scriptedChannel, silent } from './scripted-channel.ts'

export type RuleDesk = Awaited<ReturnType<typeof ruleDesk>>

/** An inbox, rules, and whoever does the jobs of it. Its clock goes only by hand. */
export async function ruleDesk(db: Database, wish: InboxWish = {}, seams: Partial<RuleContext> = {}) {
  await db.pool.query('delete from job')
  await db.pool.query('delete from rule')
  // Nobody of an earlier test waits any more.
  await db.pool.query('update conversation set waiting_since = null, due_at = null')
  const inboxId = await createInbox(db.pool, wish)
  const channel = scriptedChannel()
  let now = new Date()
  const failures: unknown[] = []
  const onFailure = (error: unknown) => void failures.push(error)
  const context: RuleContext = { rules: createRules(), clock: () => now, onFailure, ...seams }
  const answering = { db, connections: channel.connections, clock: () => now, log: silent }
  const handlers = ruleJobs(answering, context)
  const all = async (sql: string, ...values: unknown[]) => (await db.pool.query(sql, values)).rows

  const routeOnce = () =>
    transaction(db, async (tx) => {
      const jobs = await takeJobs(tx, { kind: 'route', limit: 16 })
      await route(
        tx,
        jobs.flatMap((job) => routeRequest(job.payload) ?? []),
        { now, rules: context },
      )
      return jobs.length
    })
  const changesOnce = () =>
    transaction(db, async (tx) => {
      const jobs = await takeJobs(tx, { kind: 'rules', limit: 16 })
      if (jobs.length > 0) await handlers.rules.runBatch(tx, jobs)
      return jobs.length
    })
  const sayOnce = async () => {
    const jobs = await claimJobs(db.pool, { kinds: ['say-macro'], limit: 16, leaseMs: 30_000 })
    for (const job of jobs) {
      await handlers['say-macro'].run(job)
      await finishJob(db.pool, job)
    }
    return jobs.length
  }
  /** Until nothing is left to do; answers how many jobs there were. */
  const work = async (): Promise<number> => {
    let done = 0
    for (let n = 1; n > 0; done += n) n = (await routeOnce()) + (await changesOnce()) + (await sayOnce())
    return done
  }
  const conversation = async () =>
    (await all('select * from conversation where inbox_id = $1 order by id limit 1', inboxId))[0]
  return {
    inboxId,
    context,
    /** What rules stumbled over. */
    failures,
    all,
    work,
    routeOnce,
    conversation,
    chat: unique('chat'),
    now: () => now,
    pass: (ms: number) => {
      now = new Date(now.getTime() + ms)
    },
    sweep: () => sweepRules(db, context),
    receive: async (...events: InboundEvent[]): Promise<void> => {
      await recordInbound(db, { inboxId, batch: batchOf(...events), now })
    },
    rule: (given: Partial<NewRule> = {}): Promise<string> => addRule(db, given),
    macro: async (text: string, actions: readonly unknown[] = []): Promise<string> => {
      const values = [unique('Macro'), text, JSON.stringify(actions)]
      return (await all('insert into macro (name, text, actions) values ($1, $2, $3) returning id', ...values))[0].id
    },
    runs: () =>
      all(
        `select r.rule_id, r.rule_name, r.trigger, r.actions from rule_run r join conversation c on c.id = r.conversation_id
          where c.inbox_id = $1 order by r.id`,
        inboxId,
      ),
    activities: () =>
      all(
        `select a.kind, a.actor, a.data from activity a join conversation c on c.id = a.conversation_id
          where c.inbox_id = $1 and a.actor like 'rule:%' order by a.id`,
        inboxId,
      ),
  }
}

export function addRule(db: Database, given: Partial<NewRule> = {}): Promise<string> {
  return transaction(db, async (tx) => {
    await changeRuleSet(tx)
    const { id } = await insertRule(tx, {
      name: unique('Rule'),
      enabled: true,
      event: { kind: 'message', which: 'first' },
      conditions: { match: 'all', groups: [] },
      actions: [],
      stops: false,
      ...given,
    })
    await noteRuleKinds(tx)
    return id
  })
}
