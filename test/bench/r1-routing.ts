import { randomUUID } from 'node:crypto'
import type { InboundEvent } from '../../src/channel/contract.ts'
import { recordInbound } from '../../src/ingest/record-inbound.ts'
import { assignWaiting } from '../../src/routing/assign-waiting.ts'
import { route, routeRequest } from '../../src/routing/route.ts'
import { createRules } from '../../src/routing/rule-book.ts'
import { transaction } from '../../src/store/database.ts'
import { takeJobs } from '../../src/store/job.ts'
import { millisecondLine } from './millisecond.ts'
import type { Latencies } from './open-loop.ts'
import type { Bench } from './rate.ts'
import type { Line } from './report.ts'
import { finish, letWait, people, type RoutingDesk, routingDesk } from './routing-desk.ts'
import { layRules, ruleCount } from './routing-rules.ts'
import { median, percentile } from './stats.ts'

const perSecond = 200
const tickMs = 25

const texts = [
  'My withdrawal has not arrived for three days, can you help me please?',
  '我的提现已经三天没有到账了，请帮忙查一下',
  '出金がまだ届いていません。確認してください',
  '출금이 아직 도착하지 않았습니다. 확인 부탁드립니다',
  'Мой вывод средств не пришёл, помогите пожалуйста',
]

/** T2 alone, from its begin to its commit, while so many begin and as many end; with the rules of a large desk and without. */
export async function routingDecision(bench: Bench): Promise<Line[]> {
  const lines: Line[] = []
  for (const rules of [ruleCount, 0]) {
    const desk = await routingDesk(bench, `routing${rules}`)
    try {
      if (rules > 0) await layRules(desk.db, desk.teamIds)
      const what = `T2, ${perSecond} new/s, ${people} agents, ${rules} rules`
      await arrivals(desk, 5_000)
      const measure = () => arrivals(desk, bench.quick ? 4_000 : 10_000)
      lines.push(await millisecondLine(bench, { goal: 'R1', what, barMs: 20 }, measure))
    } finally {
      await desk.close()
    }
  }
  return lines
}

async function arrivals(desk: RoutingDesk, ms: number): Promise<Latencies> {
  const took: number[] = []
  const atOnce = (perSecond * tickMs) / 1_000
  const rules = { rules: createRules(), clock: () => new Date(), onFailure: ruleFailed }
  const begin = performance.now()
  for (let tick = 0; tick * tickMs < ms; tick += 1) {
    const wait = begin + tick * tickMs - performance.now()
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
    const inboxId = desk.inboxIds[tick % desk.inboxIds.length]!
    const events = Array.from({ length: atOnce }, (_, n) => asks(texts[(tick + n) % texts.length]!))
    await Promise.all([recordInbound(desk.db, { inboxId, now: new Date(), batch: { events } }), finish(desk, atOnce)])
    const started = performance.now()
    await transaction(desk.db, async (tx) => {
      const jobs = await takeJobs(tx, { kind: 'route', limit: 200 })
      await route(
        tx,
        jobs.flatMap((job) => routeRequest(job.payload) ?? []),
        { now: new Date(), rules },
      )
    })
    took.push(performance.now() - started)
  }
  return { count: took.length, unanswered: 0, p50: median(took), p99: percentile(took, 99) }
}

function ruleFailed(error: unknown): never {
  throw error
}

function asks(text: string): InboundEvent {
  const key = randomUUID()
  return {
    kind: 'message',
    eventId: key,
    externalId: key,
    thread: { key, kind: 'chat', audience: 'private' },
    sender: { key, name: 'Somebody' },
    occurredAt: new Date(),
    text,
    raw: { text },
  }
}

const depths = [100, 10_000, 100_000]

/** What one round of ten costs, however many wait behind them; and how many a second one process gives out. */
export async function flatQueue(bench: Bench): Promise<Line[]> {
  const lines: Line[] = []
  const rounds = new Map<number, number>()
  for (const depth of depths) {
    const desk = await routingDesk(bench, `queue${depth}`)
    try {
      await letWait(desk, depth + 2_000)
      const started = performance.now()
      const filled = await giveAll(desk)
      const perSecond = filled / ((performance.now() - started) / 1_000)
      const took: number[] = []
      for (let n = 0; n < (bench.quick ? 20 : 60); n += 1) {
        await finish(desk, 10)
        const before = performance.now()
        await transaction(desk.db, (tx) => assignWaiting(tx, new Date()))
        took.push(performance.now() - before)
      }
      rounds.set(depth, median(took))
      const measured = `${median(took).toFixed(1)} ms; ${perSecond.toFixed(0)}/s`
      lines.push({ goal: 'R2', what: `a round of ten, ${depth} wait; all at once`, measured, bar: '', result: 'info' })
    } finally {
      await desk.close()
    }
  }
  const [few, many] = [rounds.get(100)!, rounds.get(100_000)!]
  const flat = many <= few * 1.5 + 2
  const measured = `${(many / few).toFixed(2)} x`
  lines.push({
    goal: 'R2',
    what: 'the same, 100,000 against 100',
    measured,
    bar: '<= 1.5 x + 2 ms',
    result: flat ? 'ok' : 'missed',
  })
  return lines
}

async function giveAll({ db }: RoutingDesk): Promise<number> {
  let given = 0
  for (let more = true; more; ) {
    const round = await transaction(db, (tx) => assignWaiting(tx, new Date()))
    given += round.given.length
    more = round.more
  }
  return given
}
