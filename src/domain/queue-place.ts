import type { ExpectedWait } from './notice-words.ts'

interface Place {
  readonly place: number
  readonly wait: ExpectedWait | null
}

/** Whether somebody who was told the one should be told the other: near the front every step, further back a fifth of the way. */
export function placeMoved(said: Place | null, next: Place | null): boolean {
  if (said === null || next === null) return said !== next
  const step = Math.abs(next.place - said.place)
  if (step > 0 && (next.place <= 5 || step >= Math.max(2, said.place / 5))) return true
  if (said.wait === null || next.wait === null) return said.wait !== next.wait
  return Math.abs(next.wait.high - said.wait.high) >= Math.max(3, said.wait.high / 2)
}
