import { setTimeout as pause } from 'node:timers/promises'
import { percentile } from '../bench/stats.ts'
import type { SmtpEnvelope, SmtpStep } from '../support/smtp-stand-in.ts'
import { conversationsOf, reply } from './agents.ts'
import { type Campaign, type CampaignResult, hushed, judge } from './campaign.ts'
import { startCustomers } from './customers.ts'
import { rowsOf } from './database.ts'
import { type RelayFault, relayFaults, silences } from './m4-faults.ts'
import { settleByMail } from './mail-settling.ts'
import { deliveryOf, replyIn } from './mail-site.ts'
import { mailPlan, openStage, type Stage } from './stage.ts'

const people = 6
const silenceEvery = 5
const roundWithinMs = 60_000
/** The letters of others may wait no longer for those that fail; beyond what they wait on this machine while none fails. */
const othersWithinMs = 1_000
const calmEvery = 4

interface Struck {
  readonly delivery: string
  readonly fault: RelayFault
  /** ms since 1970. */
  readonly at: number
}

interface Relay {
  /** By the customer's address. */
  readonly planned: Map<string, RelayFault>
  readonly struck: Struck[]
  /** How often the relay was asked to take a delivery. */
  readonly tries: Map<string, number>
}

/** A relay that misbehaves at every step: every fault means what it means, and nobody else is held up. */
export const crookedRelay: Campaign = async (wish) => {
  const stage = await openStage({ ...wish, campaign: 'M4', plans: [mailPlan] })
  try {
    const relay = crook(stage)
    const customers = startCustomers(stage, { threads: people, everyMs: 400 })
    while ((await writers(stage)).size < people) await pause(20)
    const others: number[] = []
    const wrong: string[] = []
    const usual: number[] = []
    for (let round = 1; round <= wish.rounds; round += 1) {
      if (round % calmEvery === 1) usual.push(await answerAll(stage, 2 * round - 1, 0))
      wrong.push(...(await oneRound(stage, relay, others, round)))
    }
    const refused = await hushed(customers)
    const result = await judge(stage, wish.rounds, [...wrong, ...refused, ...judgeTries(relay)])
    return withFigures(result, relay, { others, usualMs: Math.max(...usual) })
  } finally {
    await stage.close()
  }
}

interface Waits {
  readonly others: readonly number[]
  readonly usualMs: number
}

function withFigures(result: CampaignResult, { struck }: Relay, { others, usualMs }: Waits): CampaignResult {
  const doubtful = struck.filter(({ fault }) => fault.end === 'uncertain').length
  const slowest = Math.max(...others)
  const violations = [
    ...result.violations,
    ...(result.uncertainSeen === doubtful
      ? []
      : [`${result.uncertainSeen} became uncertain, ${doubtful} answers lost`]),
    ...(slowest > othersWithinMs + usualMs ? [`a letter of another conversation waited ${slowest.toFixed(0)} ms`] : []),
  ]
  const note = `${result.note}; ${struck.length} faults of ${relayFaults.length + silences.length} kinds; others' letters p50 ${percentile(others, 50).toFixed(0)}, max ${slowest.toFixed(0)} ms, without faults ${usualMs.toFixed(0)} ms`
  return { ...result, uncertainExpected: `= ${doubtful}`, note, violations }
}

function crook(stage: Stage): Relay {
  const relay: Relay = { planned: new Map(), struck: [], tries: new Map() }
  const decide = (step: SmtpStep, mail: SmtpEnvelope) => {
    const delivery = deliveryOf(mail)
    if (delivery === null) return undefined
    if (step === 'mail') relay.tries.set(delivery, (relay.tries.get(delivery) ?? 0) + 1)
    const to = mail.to.find((address) => relay.planned.has(address)) ?? ''
    const fault = relay.planned.get(to)
    if (fault?.step !== step) return undefined
    relay.planned.delete(to)
    relay.struck.push({ delivery, fault, at: Date.now() })
    stage.ledger.killed(`relay: ${fault.name}`, fault.end === 'uncertain' ? [delivery] : [])
    stage.ledger.mustEnd(delivery, fault.end)
    return fault.fault
  }
  for (const { mail } of stage.inboxes) mail?.relay.onStep(decide)
  return relay
}

/** Everybody is answered at once, all but one through a fault. Answers what went wrong. */
async function oneRound(stage: Stage, relay: Relay, others: number[], round: number): Promise<string[]> {
  const before = relay.struck.length
  const open = [...(await writers(stage))]
  const spared = round % open.length
  for (const [index, [, address]] of open.entries()) {
    if (index === spared) continue
    const rare = round % silenceEvery === 0 && index === (spared + 1) % open.length
    const silence = rare ? silences[(round / silenceEvery) % silences.length] : undefined
    const fault = silence ?? relayFaults[(round * (people - 1) + index) % relayFaults.length]
    if (fault) relay.planned.set(address, fault)
  }
  others.push(await answerAll(stage, 2 * round, spared))
  const wrong = await untilSettled(stage, relay)
  const lost = relay.struck.slice(before).filter(({ fault }) => fault.end === 'uncertain')
  return [
    ...wrong,
    ...(await settleByMail(
      stage,
      lost.map(({ delivery }) => delivery),
    )),
  ]
}

/** How long the answer to this one took to the relay, ms. */
async function answerAll(stage: Stage, n: number, spared: number): Promise<number> {
  const [inbox] = stage.inboxes
  if (!inbox?.mail) throw new Error('no mail')
  const open = [...(await writers(stage))]
  const answers = open.map(([conversation]) => reply(stage, inbox, conversation, n))
  const [waited] = await Promise.all([arrival(stage, answers[spared]), ...answers])
  return waited
}

/** Conversation -> its customer's address. */
async function writers(stage: Stage): Promise<Map<string, string>> {
  const [inbox] = stage.inboxes
  if (!inbox) throw new Error('no inbox')
  const known = await conversationsOf(stage, inbox)
  const rows = await rowsOf<{ id: string; key: string }>(
    stage.pool,
    `select distinct m.conversation_id as id, i.key from message m join identity i on i.id = m.sender_identity_id
      where m.direction = 'in' and m.conversation_id = any($1::bigint[]) order by 1`,
    [known],
  )
  return new Map(rows.map(({ id, key }) => [id, key]))
}

/** From the reply being taken to the relay holding it, ms. */
async function arrival(stage: Stage, answered: Promise<string> | undefined): Promise<number> {
  const text = await answered
  const start = performance.now()
  const held = () => stage.inboxes.some(({ mail }) => mail?.relay.held.some((letter) => replyIn(letter).text === text))
  while (!held() && performance.now() - start < roundWithinMs) await pause(5)
  return performance.now() - start
}

interface Waiting {
  readonly id: string
  readonly state: string
  /** ms since 1970. */
  readonly due: string
}

/** What a relay put off is not waited for: that it would be, is looked at, and then its time has come. */
async function untilSettled(stage: Stage, relay: Relay): Promise<string[]> {
  const end = Date.now() + roundWithinMs
  const hasty: string[] = []
  const looked = new Set<string>()
  while (Date.now() < end) {
    const waiting = await rowsOf<Waiting>(
      stage.pool,
      `select id, state, extract(epoch from due_at) * 1000 as due from delivery where state in ('pending', 'sending')`,
    )
    if (waiting.length === 0 && relay.planned.size === 0) return hasty
    for (const { id, due } of waiting.filter(({ state }) => state === 'pending')) {
      const put = relay.struck.find(({ delivery }) => delivery === id)
      if (!put || looked.has(id)) continue
      looked.add(id)
      const early = put.at + (put.fault.notBeforeMs ?? 0) - Number(due)
      if (early > 0) hasty.push(`delivery ${id} would be tried ${early.toFixed(0)} ms too early (${put.fault.name})`)
      await stage.pool.query(`update delivery set due_at = now() where id = $1 and state = 'pending'`, [id])
    }
    await pause(50)
  }
  return [...hasty, `a round was not over after ${roundWithinMs} ms: ${[...relay.planned.keys()].join(', ')}`]
}

/** What was refused or may have arrived is not tried again by itself; what was put off is tried once more. */
function judgeTries({ struck, tries }: Relay): string[] {
  return struck.flatMap(({ delivery, fault }) => {
    const expected = fault.end === 'sent' && !('slowMs' in fault.fault) ? 2 : 1
    const seen = tries.get(delivery) ?? 0
    return seen === expected
      ? []
      : [`delivery ${delivery} was tried ${seen} times, ${expected} expected (${fault.name})`]
  })
}
