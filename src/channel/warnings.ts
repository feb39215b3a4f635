import type { InboundSink } from './contract.ts'

/** What an administrator should know of the parts of one connection, a line each, until it works again. */
export interface Warnings {
  /** null: all is well with this part. */
  set(part: string, sentence: string | null): void
  /** Told there from now on; what stands already at once. */
  tell(sink: Pick<InboundSink, 'warn'>): void
}

export function createWarnings(): Warnings {
  const sentences = new Map<string, string>()
  let sink: Pick<InboundSink, 'warn'> | undefined
  const say = () => sink?.warn(sentences.size > 0 ? [...sentences.values()].join('\n') : null)
  return {
    set(part, sentence) {
      if ((sentences.get(part) ?? null) === sentence) return
      if (sentence === null) sentences.delete(part)
      else sentences.set(part, sentence)
      say()
    },
    tell(next) {
      sink = next
      say()
    },
  }
}
