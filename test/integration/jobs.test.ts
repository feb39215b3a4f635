import { setTimeout as pause } from 'node:timers/promises'
import { Registry } from 'prom-client'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { GiveUp, type JobHandlers, NotYet } from '../../src/jobs/handler.ts'
import { type JobWorker, type JobWorkerOptions, startJobWorker } from '../../src/jobs/worker.ts'
import { transaction } from '../../src/store/database.ts'
import {
  claimJobs,
  enqueueJobs,
  failJob,
  finishJob,
  finishJobs,
  type Job,
  type NewJob,
  reapJobs,
  renewJob,
} from '../../src/store/job.ts'
import { countJobs, listDeadJobs, retryDeadJob } from '../../src/store/job-dead.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { silent } from '../support/scripted-channel.ts'

let ground: TestDatabase
const workers: JobWorker[] = []
const db = () => ground.db
const everything = { kinds: ['k'], limit: 100, leaseMs: 30_000 }

beforeAll(async () => {
  ground = await testDatabase()
})
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop()))
  await db().pool.query('delete from job')
})
afterAll(() => ground.close())

const enqueue = (...jobs: Partial<NewJob>[]) =>
  transaction(db(), (tx) =>
    enqueueJobs(
      tx,
      jobs.map((job) => ({ kind: 'k', payload: {}, ...job })),
    ),
  )
const work = (handlers: JobHandlers, options: JobWorkerOptions = {}) => {
  const worker = startJobWorker({ db: db(), log: silent, registry: new Registry() }, handlers, {
    pollMs: 50,
    ...options,
  })
  workers.push(worker)
  return worker
}
const left = async () =>
  (await db().pool.query('select * from job order by id')).rows as (Job & { state: number; last_error: string })[]
const claimOne = async () => (await claimJobs(db().pool, everything))[0]!

describe('the table of jobs', () => {
  it('has no job of a transaction that was rolled back', async () => {
    await transaction(db(), async (tx) => {
      await enqueueJobs(tx, [{ kind: 'k', payload: {} }])
      throw new Error('no')
    }).catch(() => {})
    expect(await left()).toEqual([])
  })

  it('gives a job to one claimer only', async () => {
    await enqueue(...Array.from({ length: 40 }, () => ({})))
    const claims = await Promise.all(
      Array.from({ length: 8 }, () => claimJobs(db().pool, { ...everything, limit: 10 })),
    )
    const ids = claims.flat().map((job) => job.id)
    expect(ids.length).toBe(new Set(ids).size)
  })

  it('gives the next of a lane only when the one before it is done, even while that waits for its retry', async () => {
    await enqueue({ lane: 'a', payload: { n: 1 } }, { lane: 'a', payload: { n: 2 } }, { lane: 'b', payload: { n: 3 } })
    const [first, other] = await claimJobs(db().pool, everything)
    expect([first?.payload, other?.payload]).toEqual([{ n: 1 }, { n: 3 }])
    await failJob(db().pool, first!, { counts: true, limit: 5, backOffMs: 60_000, error: 'no' })
    expect(await claimJobs(db().pool, everything)).toEqual([])
    await db().pool.query('update job set due_at = now()')
    expect((await claimOne()).payload).toEqual({ n: 1 })
  })

  it('lets its lane go on past a dead letter', async () => {
    await enqueue({ lane: 'a', payload: { n: 1 } }, { lane: 'a', payload: { n: 2 } })
    expect(await failJob(db().pool, await claimOne(), { counts: true, limit: 1, backOffMs: 0, error: 'no' })).toBe(
      'dead',
    )
    expect((await claimOne()).payload).toEqual({ n: 2 })
  })

  it('lets a late worker neither finish, fail nor keep a job that another has by now', async () => {
    await enqueue({})
    const late = await claimOne()
    await db().pool.query(`update job set lease_until = now() - interval '1 s'`)
    expect((await reapJobs(db().pool, 10)).reaped).toBe(1)
    const mine = await claimOne()
    expect(mine.attempt).toBe(late.attempt + 1)
    expect(await finishJob(db().pool, late)).toBe(false)
    expect(await finishJobs(db().pool, [late])).toBe(0)
    expect(await failJob(db().pool, late, { counts: true, limit: 1, backOffMs: 0, error: 'no' })).toBe('lost')
    expect(await renewJob(db().pool, late, 1_000)).toBe(false)
    expect(await finishJob(db().pool, mine)).toBe(true)
  })

  it('leaves work of kinds it does not know to others', async () => {
    await enqueue({ kind: 'of-a-newer-version' })
    expect(await claimJobs(db().pool, everything)).toEqual([])
  })

  it('shows dead letters and revives one with all its tries', async () => {
    await enqueue({ payload: { about: '7' } })
    await failJob(db().pool, await claimOne(), { counts: true, limit: 1, backOffMs: 0, error: 'broken' })
    const [dead] = await listDeadJobs(db().pool, null, 10)
    expect(dead).toMatchObject({ kind: 'k', lastError: 'broken', payload: { about: '7' } })
    expect(await countJobs(db().pool)).toMatchObject([{ kind: 'k', dead: 1, ready: 0 }])
    expect(await retryDeadJob(db().pool, dead!.id)).toBe(true)
    expect(await retryDeadJob(db().pool, dead!.id)).toBe(false)
    expect((await claimOne()).failures).toBe(0)
  })
})

describe('the job worker', () => {
  it('does what is enqueued at once, without waiting for a poll', async () => {
    const done: unknown[] = []
    work({ k: { run: async (job) => void done.push(job.payload['n']) } }, { pollMs: 60_000 })
    await enqueue({ payload: { n: 0 } })
    await eventually(() => expect(done).toEqual([0]))
    await enqueue({ payload: { n: 1 } })
    await eventually(async () => expect(await left()).toEqual([]), { timeoutMs: 2_000 })
    expect(done).toEqual([0, 1])
  })

  it('keeps the order of lanes with failures, several processes and one that dies', async () => {
    const seen = new Map<string, number[]>()
    const failed = new Set<number>()
    const handlers: JobHandlers = {
      k: {
        run: async (job) => {
          const n = job.payload['n'] as number
          if (n % 7 === 0 && !failed.has(n)) {
            failed.add(n)
            throw new NotYet(20, 'not yet')
          }
          seen.set(job.lane!, [...(seen.get(job.lane!) ?? []), n])
        },
      },
    }
    await enqueue(...Array.from({ length: 200 }, (_, n) => ({ lane: `lane ${n % 10}`, payload: { n } })))
    // One process took some and died.
    const orphans = await claimJobs(db().pool, { kinds: ['k'], limit: 5, leaseMs: 300 })
    expect(orphans).toHaveLength(5)
    for (let n = 0; n < 3; n++) work(handlers, { leaseMs: 1_200, pollMs: 20 })
    await eventually(async () => expect(await left()).toEqual([]), { timeoutMs: 15_000 })
    for (const numbers of seen.values()) expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
    expect([...seen.values()].flat()).toHaveLength(200)
  })

  it('gives up at the limit, says so once, and notes why', async () => {
    const told: string[] = []
    work({
      k: {
        limit: 1,
        run: () => Promise.reject(new Error('the reason')),
        gaveUp: async (job) => void told.push(job.id),
      },
    })
    await enqueue({})
    await eventually(async () => expect(await left()).toMatchObject([{ state: 2, last_error: 'the reason' }]))
    await eventually(() => expect(told).toHaveLength(1))
  })

  it('gives up at once where trying again is useless', async () => {
    work({ k: { run: () => Promise.reject(new GiveUp('names nothing')) } })
    await enqueue({})
    await eventually(async () => expect(await left()).toMatchObject([{ state: 2, attempt: 1 }]))
  })

  it('keeps the lease of a job that takes longer, so that nobody else does it', async () => {
    let runs = 0
    let finish = () => {}
    const handler: JobHandlers = {
      k: {
        run: async () => {
          runs += 1
          await new Promise<void>((resolve) => {
            finish = resolve
          })
        },
      },
    }
    work(handler, { leaseMs: 300 })
    work(handler, { leaseMs: 300 })
    await enqueue({})
    await eventually(() => expect(runs).toBe(1))
    const before = (await db().pool.query('select lease_until from job')).rows[0].lease_until as Date
    await eventually(async () => {
      const now = (await db().pool.query('select lease_until from job')).rows[0].lease_until as Date
      expect(now.getTime()).toBeGreaterThan(before.getTime() + 500)
    })
    expect(runs).toBe(1)
    finish()
    await eventually(async () => expect(await left()).toEqual([]))
  })

  it('tells a job that its lease is lost', async () => {
    let told = false
    work(
      {
        k: {
          run: (_job, signal) =>
            new Promise((_, reject) =>
              signal.addEventListener('abort', () => {
                told = true
                reject(new Error('lost'))
              }),
            ),
        },
      },
      { leaseMs: 200 },
    )
    await enqueue({})
    await eventually(async () => expect(await left()).toMatchObject([{ state: 1 }]))
    await db().pool.query('update job set attempt = attempt + 1')
    await eventually(() => expect(told).toBe(true))
  })

  it('waits on stop for what runs and claims no more', async () => {
    const done: unknown[] = []
    let finish = () => {}
    const finished = new Promise<void>((resolve) => {
      finish = resolve
    })
    const worker = work(
      {
        k: {
          run: async (job) => {
            await finished
            done.push(job.payload['n'])
          },
        },
      },
      { concurrency: 1 },
    )
    await enqueue({ payload: { n: 1 } }, { payload: { n: 2 } })
    await eventually(async () => expect((await left())[0]).toMatchObject({ state: 1 }))
    const stopped = worker.stop()
    finish()
    await stopped
    expect(done).toEqual([1])
    expect(await left()).toMatchObject([{ payload: { n: 2 }, state: 0 }])
  })

  it('puts back on stop what does not end in time, without blaming it', async () => {
    const worker = work({ k: { run: (_job, signal) => pause(60_000, undefined, { signal }) } }, { drainMs: 50 })
    await enqueue({})
    await eventually(async () => expect(await left()).toMatchObject([{ state: 1 }]))
    await worker.stop()
    expect(await left()).toMatchObject([{ state: 0, failures: 0 }])
  })

  it('commits a batch together with the end of its jobs, and isolates the bad one', async () => {
    await db().pool.query('create table if not exists done (n int)')
    work({
      k: {
        limit: 1,
        runBatch: async (tx, jobs) => {
          for (const job of jobs) {
            await tx.query('insert into done values ($1)', [job.payload['n']])
            if (job.payload['n'] === 3) throw new Error('a bad one')
          }
        },
      },
    })
    await enqueue(...[1, 2, 3, 4, 5].map((n) => ({ payload: { n } })))
    await eventually(async () => expect(await left()).toMatchObject([{ payload: { n: 3 }, state: 2 }]))
    const { rows } = await db().pool.query('select n from done order by n')
    expect(rows.map((row) => row.n)).toEqual([1, 2, 4, 5])
  })

  it('undoes a batch that met a deadlock and does it again, blaming nobody', async () => {
    await db().pool.query('create table if not exists done_twice (n int)')
    let raced = false
    work({
      k: {
        runBatch: async (tx, jobs) => {
          for (const job of jobs) await tx.query('insert into done_twice values ($1)', [job.payload['n']])
          if (raced) return
          raced = true
          throw Object.assign(new Error('deadlock'), { code: '40P01' })
        },
      },
    })
    await enqueue({ payload: { n: 1 } }, { payload: { n: 2 } })
    await eventually(async () => expect(await left()).toEqual([]))
    const { rows } = await db().pool.query('select n from done_twice order by n')
    expect(rows.map((row) => row.n)).toEqual([1, 2])
  })
})
