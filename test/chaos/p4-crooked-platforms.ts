import { setTimeout as pause } from 'node:timers/promises'
import { percentile } from '../bench/stats.ts'
import { conversationsOf, everybodyIsKnown, reply } from './agents.ts'
import { bystanders, heard, type Latencies, openProbes, type Probe } from './bystanders.ts'
import { type Campaign, type CampaignResult, hushed, judge } from './campaign.ts'
import { startCustomers } from './customers.ts'
import { rowsOf } from './database.ts'
import { cutOff, outageKinds } from './outages.ts'
import { plansFor } from './platform-plans.ts'
import type { PlatformSite } from './platform-site.ts'
import { type SendFault, sendFaults } from './send-faults.ts'
import { type ChaosInbox, openStage, type Stage, slowness } from './stage.ts'

const people = 5
const outageEvery = 3
const silenceEvery = 15
const calmEvery = 2
const outageMs = 1_500
const roundWithinMs = 90_000
/** What is written in other inboxes may wait no longer than this, beyond what it waits while all are well. */
const othersWithinMs = 1_000

interface Struck {
  readonly text: string
  readonly fault: SendFault
  readonly inbox: ChaosInbox
}

interface Books {
  /** By the words of a reply. */
  readonly planned: Map<string, SendFault>
  readonly struck: Struck[]
  /** When each reply was asked to be sent, ms. */
  readonly tries: Map<string, number[]>
  readonly others: Latencies
  readonly usual: Latencies
  /** Of the one that was ill. */
  readonly recovered: Latencies
  outages: number
}

function newBooks(): Books {
  return { planned: new Map(), struck: [], tries: new Map(), others: [], usual: [], recovered: [], outages: 0 }
}

type Sick = ChaosInbox & { readonly site: PlatformSite }

/** Platforms that misbehave in every way: each fault means what it means, and no other inbox is held up. */
export const crookedPlatforms: Campaign = async (wish) => {
  const stage = await openStage({ ...wish, campaign: 'P4', plans: plansFor(wish.channels) })
  try {
    const books = newBooks()
    const sites = stage.inboxes.flatMap((inbox) => (inbox.site ? [{ ...inbox, site: inbox.site }] : []))
    for (const sick of sites) sick.site.whims.spoil = (text) => spoil(stage, sick, books, text)
    const customers = startCustomers(stage, { threads: people, everyMs: 500 })
    const probes = await openProbes(stage)
    await everybodyIsKnown(stage, people + 1)
    const wrong: string[] = []
    for (let round = 1; round <= wish.rounds; round += 1) {
      if (round % calmEvery === 1) books.usual.push(...(await bystanders(stage, probes, undefined)))
      const sick = sites[round % sites.length]
      if (sick) wrong.push(...(await oneRound({ stage, books, probes, sick, round })))
    }
    const refused = await hushed(customers)
    const result = await judge(stage, wish.rounds, [...wrong, ...refused, ...judgeTries(books)])
    return withFigures(result, books, othersWithinMs * slowness(stage))
  } finally {
    await stage.close()
  }
}

function spoil({ ledger }: Stage, inbox: ChaosInbox, books: Books, text: string): SendFault | undefined {
  books.tries.set(text, [...(books.tries.get(text) ?? []), performance.now()])
  const fault = books.planned.get(text)
  if (!fault) return undefined
  books.planned.delete(text)
  books.struck.push({ text, fault, inbox })
  const fate = fateOf(fault, inbox)
  ledger.spoiled(text, fault.name, fate)
  return fault
}

/** What must come of it: where the platform knows our key, or tells what it has, nothing stays in doubt. */
function fateOf({ means, effect }: SendFault, { switches }: ChaosInbox): 'sent' | 'failed' | 'uncertain' {
  if (means === 'rejected') return 'failed'
  if (means !== 'uncertain' || switches.idempotent) return 'sent'
  return switches.confirm && effect ? 'sent' : 'uncertain'
}

interface Round {
  readonly stage: Stage
  readonly books: Books
  readonly probes: readonly Probe[]
  readonly sick: Sick
  readonly round: number
}

async function oneRound(at: Round): Promise<string[]> {
  const { stage, books, probes, sick, round } = at
  const answered = round % outageEvery === 0 ? outage(at) : spoilAll(at)
  answered.catch(() => {})
  // Three looks at the others while one is ill.
  for (let look = 0; look < 3; look += 1) books.others.push(...(await bystanders(stage, probes, sick.id)))
  await answered
  const wrong = await untilSettled(stage, books)
  // Who was ill is a bystander of the next round only once it is well.
  for (const own of probes) if (own.inbox.id === sick.id) books.recovered.push(await heard(stage, own))
  return wrong
}

/** Every conversation is answered, each through another fault; half a minute each for what hangs, so rarely. */
async function spoilAll({ stage, books, probes, sick, round }: Round): Promise<void> {
  const faults = (sendFaults[sick.name] ?? []).filter((fault) => !fault.slow || round % silenceEvery === 1)
  const open = await openIn(stage, sick, probes)
  const replies = open.map((conversation, index) => {
    const fault = faults[(Math.floor(round / 3) * people + index) % faults.length]
    if (fault) books.planned.set(wordsOf(sick, conversation, round), fault)
    return reply(stage, sick, conversation, round)
  })
  await Promise.all(replies)
}

/** Nobody else answers in a probe's conversation. */
async function openIn(stage: Stage, inbox: ChaosInbox, probes: readonly Probe[]): Promise<string[]> {
  const all = await conversationsOf(stage, inbox)
  return all.filter((id) => !probes.some(({ conversation }) => conversation === id))
}

const wordsOf = (inbox: ChaosInbox, conversation: string, n: number) => `${inbox.name} answers ${n} in ${conversation}`

/** Nothing of the platform works for a while; what was sent meanwhile arrives later or is in doubt. */
async function outage({ stage, books, probes, sick, round }: Round): Promise<void> {
  const { site } = sick
  const usual = site.whims.spoil
  const how = outageKinds[books.outages % (outageKinds.length + 1)]
  const hangs = how?.name === 'silence' && round % silenceEvery !== 0
  books.outages += 1
  if (how && !hangs) {
    site.whims.outage = how.answer
    site.whims.spoil = (text) => {
      if (how.sends === 'doubtful') stage.ledger.spoiled(text, how.name, 'doubtful')
      return { effect: false, answer: how.answer }
    }
  } else {
    await site.refuse()
    await cutOff(stage, sick)
  }
  const open = await openIn(stage, sick, probes)
  const replies = open.map((conversation) => reply(stage, sick, conversation, round))
  await Promise.all([pause(outageMs), ...replies])
  site.whims.outage = null
  site.whims.spoil = usual
  if (!how || hangs) await site.resume()
}

async function untilSettled(stage: Stage, { planned }: Books): Promise<string[]> {
  const end = Date.now() + roundWithinMs
  while (Date.now() < end) {
    const [row] = await rowsOf<{ n: string }>(
      stage.pool,
      `select count(*) as n from delivery where state in ('pending', 'sending')`,
    )
    if (row?.n === '0' && planned.size === 0) return []
    await pause(30)
  }
  return [`a round was not over after ${roundWithinMs} ms: ${[...planned.keys()].join(', ')}`]
}

/** What was refused, or may have arrived where nobody can tell, is tried once; what was put off not before its time. */
function judgeTries({ struck, tries }: Books): string[] {
  return struck.flatMap(({ text, fault, inbox }) => {
    const [first = 0, second, ...more] = tries.get(text) ?? []
    const again = fault.means !== 'rejected' && (fault.means !== 'uncertain' || inbox.switches.idempotent === true)
    // What arrived may be found by asking or by its echo.
    const needed = again && !fault.effect
    const told = `"${text}" (${fault.name})`
    const early = second === undefined ? 0 : (fault.waitMs ?? 0) - (second - first)
    return [
      ...(needed && second === undefined ? [`${told} was not tried again`] : []),
      ...(!again && second !== undefined ? [`${told} was tried again`] : []),
      ...(more.length > 0 ? [`${told} was tried ${more.length + 2} times`] : []),
      ...(early > 0 ? [`${told} was tried ${early.toFixed(0)} ms too early`] : []),
    ]
  })
}

function withFigures(
  result: CampaignResult,
  { struck, others, usual, recovered, outages }: Books,
  withinMs: number,
): CampaignResult {
  const doubts = struck.filter(({ fault, inbox }) => fault.means === 'uncertain' && !inbox.switches.idempotent)
  const least = doubts.filter(({ fault, inbox }) => !(fault.effect && inbox.switches.confirm)).length
  const [slowest, usually] = [Math.max(...others), Math.max(...usual)]
  const violations = [
    ...result.violations,
    ...(result.uncertainSeen < least ? [`${result.uncertainSeen} became uncertain, at least ${least} expected`] : []),
    ...(slowest > withinMs + usually ? [`somebody in another inbox waited ${slowest.toFixed(0)} ms`] : []),
  ]
  const kinds = new Set(struck.map(({ fault, inbox }) => `${inbox.name} ${fault.name}`)).size
  const note = `${result.note}; ${struck.length} faults of ${kinds} kinds, ${outages} outages; other inboxes p50 ${percentile(others, 50).toFixed(0)}, max ${slowest.toFixed(0)} ms, without faults max ${usually.toFixed(0)} ms; the one that was ill after ${Math.max(...recovered).toFixed(0)} ms at most`
  return { ...result, uncertainExpected: `>= ${least}`, note, violations }
}
