import fc from 'fast-check'
import type { InboundEvent } from '../../../src/channel/contract.ts'

/** What a message comes to once everything about it was told. */
export interface Held {
  text: string
  deleted: boolean
  reactions: readonly string[]
}

/** One thing that somebody did, in the order in which it was done. */
export interface Step {
  readonly does: 'say' | 'edit' | 'remove' | 'react'
  /** The how-manieth message it is about. */
  readonly n: number
  /** The how-manieth thing that was done. */
  readonly k: number
  readonly at: Date
  readonly text: string
  readonly reactions: readonly string[]
}

/** How a platform tells it, and how its channel hears that. */
export interface Teller {
  /** Beside saying. */
  readonly does: readonly Exclude<Step['does'], 'say'>[]
  /** The platform's own id of a message, as the store has it. */
  externalId(n: number): string
  /** What the platform tells of one step; `final`: how everything ended, for platforms that are asked. */
  tell(step: Step, all: readonly Step[], final: readonly Held[]): unknown
  hear(told: unknown): readonly InboundEvent[] | Promise<readonly InboundEvent[]>
}
/** `run` keeps the ids of one story apart from those of the others. */
export type TellerOf = (run: number, inboxId: string) => Teller

export interface Plot {
  readonly acts: readonly {
    readonly does: Step['does']
    readonly of: number
    readonly text: string
    readonly reactions: readonly string[]
  }[]
  /** Where in the delivery the n-th telling comes; equal ones keep their order. */
  readonly order: readonly number[]
  /** What is told once more, and when. */
  readonly again: readonly { readonly which: number; readonly when: number }[]
  /** Tellings in one batch. */
  readonly batch: number
}

const most = 12
/** Few words, so that an edit often returns to what was said before. */
export const plot: fc.Arbitrary<Plot> = fc.record({
  acts: fc.array(
    fc.record({
      does: fc.constantFrom<Step['does']>('say', 'say', 'edit', 'edit', 'remove', 'react', 'react'),
      of: fc.nat(most),
      text: fc.constantFrom('one', 'two', 'three', '订单已发货', 'a < b & c'),
      reactions: fc.uniqueArray(fc.constantFrom('👍', '🔥', '🙏'), { maxLength: 2 }),
    }),
    { minLength: 1, maxLength: most },
  ),
  order: fc.array(fc.nat(100), { minLength: most, maxLength: most }),
  again: fc.array(fc.record({ which: fc.nat(most), when: fc.nat(100) }), { maxLength: 6 }),
  batch: fc.integer({ min: 1, max: 8 }),
})

/** The steps that this platform has, and the state that they lead to: the model everything is held against. */
export function play({ acts }: Plot, can: Teller['does'], start: Date): { steps: Step[]; final: Held[] } {
  const steps: Step[] = []
  const final: Held[] = []
  for (const { does, of, text, reactions } of acts) {
    const n = does === 'say' ? final.length : of % Math.max(1, final.length)
    const held = final[n]
    if (does !== 'say' && (!held || held.deleted || !can.includes(does))) continue
    // Hours apart, so that some of it is days late.
    const at = new Date(start.getTime() + steps.length * 5 * 3_600_000)
    steps.push({ does, n, k: steps.length, at, text, reactions })
    if (does === 'say') final.push({ text, deleted: false, reactions: [] })
    else if (does === 'edit') held!.text = text
    else if (does === 'react') held!.reactions = reactions
    else Object.assign(held!, { deleted: true, text: '' })
  }
  return { steps, final }
}

/** Doubled and out of order, cut into batches. */
export function deliveries<T>({ order, again, batch }: Plot, told: readonly T[]): T[][] {
  const first = told.map((one, at) => ({ one, when: order[at] ?? 0 }))
  const repeated = again.flatMap(({ which, when }) => {
    const one = told[which % Math.max(1, told.length)]
    return one === undefined ? [] : [{ one, when }]
  })
  const all = [...first, ...repeated].sort((a, b) => a.when - b.when).map(({ one }) => one)
  return Array.from({ length: Math.ceil(all.length / batch) }, (_, at) => all.slice(at * batch, (at + 1) * batch))
}
