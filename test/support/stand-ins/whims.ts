import type { ServerResponse } from 'node:http'

/** What is done wrong instead of an answer. */
export interface Spoiled {
  /** Whether the message is held before the answer goes wrong. */
  readonly effect: boolean
  answer(response: ServerResponse): void | Promise<void>
}

/** What a campaign does to a stand-in for as long as it likes, beside the faults that tests order one by one. */
export interface Whims {
  /** Asked once for each send, before anything happens. */
  spoil(text: string): Spoiled | undefined
  /** Runs between the effect of a send and its answer. */
  accepted(text: string): void | Promise<void>
  /** Answers in place of whatever is asked over HTTP but sends, while it is there. */
  outage: ((response: ServerResponse) => void | Promise<void>) | null
}

export function noWhims(): Whims {
  return { spoil: () => undefined, accepted: () => {}, outage: null }
}
