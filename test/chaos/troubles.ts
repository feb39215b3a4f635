import { setTimeout as pause } from 'node:timers/promises'
import type { Crowd } from './customers.ts'
import { relayFaults } from './m4-faults.ts'
import { deliveryOf, type MailSite } from './mail-site.ts'
import { cutOff, type Outage, outageKinds } from './outages.ts'
import type { PlatformSite } from './platform-site.ts'
import { between, oneOf } from './random.ts'
import { type SendFault, sendFaults } from './send-faults.ts'
import type { ChaosInbox, Stage } from './stage.ts'

/** Of the sends of each channel. */
const spoiled = 0.02
/** Of those, what lasts as long as a send may take. */
const slow = 0.05
const outageEveryMs = [20_000, 90_000] as const
const outageMs = [1_000, 8_000] as const

export interface Troubles extends Crowd {
  readonly counts: { faults: number; outages: number }
}

/** Everything that a platform does wrong, at random, until `stop`; what may come of it stands in the ledger. */
export function startTroubles(stage: Stage): Troubles {
  const counts = { faults: 0, outages: 0 }
  const quiet = new AbortController()
  const work: Promise<void>[] = []
  for (const inbox of stage.inboxes) {
    if (inbox.mail) crookedRelay(stage, inbox.mail, quiet.signal, counts)
    if (inbox.site) {
      const down = { how: null as Outage | null }
      inbox.site.whims.spoil = spoiler(stage, inbox, { down, quiet: quiet.signal, counts })
      work.push(outages(stage, inbox, inbox.site, { down, quiet: quiet.signal, counts }))
    }
  }
  for (const one of work) one.catch(() => {})
  return {
    counts,
    stop: async () => {
      quiet.abort()
      await Promise.all(work)
    },
  }
}

interface Ground {
  readonly down: { how: Outage | null }
  readonly quiet: AbortSignal
  readonly counts: Troubles['counts']
}

/** Each reply is spoiled once at most; while the platform is down, all are. */
function spoiler(stage: Stage, { name }: ChaosInbox, { down, quiet, counts }: Ground): PlatformSite['whims']['spoil'] {
  const all = sendFaults[name] ?? []
  const quick = all.filter((fault) => !fault.slow)
  const lasting = all.filter((fault) => fault.slow)
  const asked = new Set<string>()
  return (text) => {
    if (down.how) {
      if (down.how.sends === 'doubtful') stage.ledger.spoiled(text, down.how.name, 'doubtful')
      return { effect: false, answer: down.how.answer }
    }
    if (quiet.aborted || asked.has(text)) return undefined
    asked.add(text)
    if (stage.random() > spoiled) return undefined
    const fault = oneOf(stage.random, stage.random() < slow ? lasting : quick)
    counts.faults += 1
    const fate = fateOf(fault)
    if (fate) stage.ledger.spoiled(text, fault.name, fate)
    return fault
  }
}

function fateOf({ means }: SendFault): 'failed' | 'doubtful' | null {
  if (means === 'rejected') return 'failed'
  return means === 'uncertain' ? 'doubtful' : null
}

async function outages(stage: Stage, inbox: ChaosInbox, site: PlatformSite, ground: Ground): Promise<void> {
  const { down, quiet, counts } = ground
  const rest = (ms: number) => pause(ms, undefined, { signal: quiet }).catch(() => {})
  for (;;) {
    await rest(between(stage.random, ...outageEveryMs))
    if (quiet.aborted) return
    counts.outages += 1
    const how = stage.random() < 0.3 ? 'refused' : oneOf(stage.random, outageKinds)
    await (how === 'refused' ? site.refuse() : begin(site, down, how))
    if (how === 'refused') await cutOff(stage, inbox)
    await rest(between(stage.random, ...outageMs))
    down.how = null
    site.whims.outage = null
    if (how === 'refused') await site.resume()
  }
}

async function begin(site: PlatformSite, down: Ground['down'], how: Outage): Promise<void> {
  down.how = how
  site.whims.outage = how.answer
}

function crookedRelay(stage: Stage, { relay }: MailSite, quiet: AbortSignal, counts: Troubles['counts']): void {
  const rolled = new Map<string, (typeof relayFaults)[number] | null>()
  relay.onStep((step, mail) => {
    const delivery = deliveryOf(mail)
    if (delivery === null || quiet.aborted) return undefined
    if (!rolled.has(delivery)) rolled.set(delivery, stage.random() < spoiled ? oneOf(stage.random, relayFaults) : null)
    const fault = rolled.get(delivery)
    if (!fault || fault.step !== step) return undefined
    rolled.set(delivery, null)
    counts.faults += 1
    if (fault.end === 'failed') stage.ledger.mustEnd(delivery, 'failed')
    if (fault.end === 'uncertain') stage.ledger.killed(`relay: ${fault.name}`, [delivery])
    return fault.fault
  })
}
