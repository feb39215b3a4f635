import { appendFileSync } from 'node:fs'

/** A customer's or an agent's utterance. Texts are unique: they are what is looked for afterwards. */
export interface Utterance {
  readonly inbox: string
  /** Thread key of a customer's, conversation id of an agent's. */
  readonly place: string
  /** From 1 within the place. */
  readonly n: number
  readonly text: string
}

export type Fate = 'sent' | 'failed' | 'uncertain' | 'doubtful'

/** What was promised, kept outside the database under test; appended, never rewritten. */
export interface Ledger {
  readonly file: string
  readonly said: Utterance[]
  readonly replied: Utterance[]
  /** Texts that were acknowledged to their author. */
  readonly acknowledged: Set<string>
  /** Deliveries that were in flight when a process died or a lease ran out. */
  readonly inFlight: Set<string>
  /** Of those, what a process that was only stopped may still finish when it wakes: nobody can call a request back. */
  readonly mayComeLate: Set<string>
  readonly kills: string[]
  /** Texts of replies whose sending was spoiled, and what may come of it; `doubtful`: uncertain or sent. */
  readonly fates: Map<string, Fate>
  /** State in which a delivery must end, where the harness saw to it. */
  readonly ends: Map<string, 'sent' | 'failed' | 'uncertain'>
  say(utterance: Utterance): void
  reply(utterance: Utterance): void
  acknowledge(text: string): void
  killed(what: string, inFlight: readonly string[]): void
  stopped(what: string, inFlight: readonly string[]): void
  spoiled(text: string, how: string, fate: Fate): void
  mustEnd(delivery: string, state: 'sent' | 'failed' | 'uncertain'): void
}

export function openLedger(file: string): Ledger {
  const write = (entry: unknown) => appendFileSync(file, `${JSON.stringify(entry)}\n`)
  const said: Utterance[] = []
  const replied: Utterance[] = []
  const acknowledged = new Set<string>()
  const inFlight = new Set<string>()
  const mayComeLate = new Set<string>()
  const kills: string[] = []
  const ends: Ledger['ends'] = new Map()
  const fates: Ledger['fates'] = new Map()
  return {
    file,
    said,
    replied,
    acknowledged,
    inFlight,
    mayComeLate,
    kills,
    ends,
    fates,
    say(utterance) {
      write({ said: utterance })
      said.push(utterance)
    },
    reply(utterance) {
      write({ replied: utterance })
      replied.push(utterance)
    },
    acknowledge(text) {
      write({ acknowledged: text })
      acknowledged.add(text)
    },
    killed(what, ids) {
      write({ killed: what, inFlight: ids })
      kills.push(what)
      for (const id of ids) inFlight.add(id)
    },
    stopped(what, ids) {
      this.killed(what, ids)
      for (const id of ids) mayComeLate.add(id)
    },
    spoiled(text, how, fate) {
      write({ spoiled: text, how, fate })
      fates.set(text, fate)
    },
    mustEnd(delivery, state) {
      write({ delivery, mustEnd: state })
      ends.set(delivery, state)
    },
  }
}
