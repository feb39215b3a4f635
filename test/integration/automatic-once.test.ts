import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { InboundEvent } from '../../src/channel/contract.ts'
import { answerAsked } from '../../src/routing/answer-asked.ts'
import { type Database, openDatabase } from '../../src/store/database.ts'
import { type AutomaticDesk, automaticDesk } from '../support/automatic-desk.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { said } from '../support/events.ts'

let ground: TestDatabase
/** Of whoever ends the others' connections. */
let killer: Database
beforeAll(async () => {
  ground = await testDatabase()
  killer = await openDatabase(ground.target, { poolSize: 1 })
})
afterAll(async () => {
  await killer.close()
  await ground.close()
})

const kill = () =>
  killer.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle' order by random() limit 1`,
  )

type Step = 'redeliver' | 'answer' | 'kill' | 'work'
const plans = fc.record({
  names: fc.array(fc.constantFrom('help', 'status', 'human', 'privacy', 'delete', 'stop'), {
    minLength: 1,
    maxLength: 4,
  }),
  steps: fc.array(fc.constantFrom<Step>('redeliver', 'answer', 'answer', 'kill', 'kill', 'work'), { maxLength: 14 }),
})

const eventOf = (desk: AutomaticDesk, name: string): InboundEvent =>
  name === 'stop'
    ? said('stop', { chat: desk.chat, occurredAt: desk.now() })
    : desk.command(name as 'help' | 'status' | 'human' | 'privacy' | 'delete')

/** Everything at once; what a kill breaks comes again, as the platform and the jobs would have it. */
async function disturb(desk: AutomaticDesk, events: readonly InboundEvent[], steps: readonly Step[]): Promise<void> {
  const jobs = await desk.all(`select payload from job where kind = 'answer-asked'`)
  const payload = (at: number) => jobs[at % jobs.length]?.payload as Parameters<typeof answerAsked>[1]
  const all = steps.map((step, at) => {
    if (step === 'kill') return kill()
    if (step === 'redeliver') return desk.receive(events[at % events.length]!)
    return step === 'work' ? desk.work() : answerAsked(desk.context, payload(at))
  })
  await Promise.allSettled(all)
  await desk.all(`update job set state = 0, lease_until = null, due_at = now() where state = 1`).catch(() => {})
}

it('no message is ever answered twice, however often it comes and whoever dies answering', async () => {
  await fc.assert(
    fc.asyncProperty(plans, async ({ names, steps }) => {
      const desk = await automaticDesk(ground.db)
      const events = names.map((name) => eventOf(desk, name))
      await desk.receive(...events)
      await disturb(desk, events, steps)
      // In calm everything that was broken off is done.
      await ground.db.pool.query('select 1').catch(() => {})
      for (const event of events) await desk.receive(event)
      await desk.work()
      const answers = await desk.all(
        `select count(a.asked_by)::int as told, count(s.id)::int as said from message m
          left join automatic_answer a on a.asked_by = m.id left join message s on s.id = a.message_id
          join conversation c on c.id = m.conversation_id
          where c.inbox_id = $1 and m.direction = 'in' group by m.id order by m.id`,
        desk.inboxId,
      )
      expect(answers.length).toBe(events.length)
      const stopped = names.indexOf('stop')
      const due = names.map((name, at) => {
        if (name === 'stop') return stopped === at ? 1 : 0
        return stopped >= 0 && name !== 'privacy' && name !== 'delete' ? 0 : 1
      })
      expect(answers).toEqual(due.map((n) => ({ told: n, said: n })))
      expect((await desk.answers()).length).toBe(due.reduce<number>((sum, n) => sum + n, 0))
    }),
    { numRuns: 40 },
  )
}, 120_000)
