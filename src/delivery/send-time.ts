import { ChannelError } from '../channel/errors.ts'

/** How long one send may take, ms. */
interface SendTime {
  /** Without a sign of life; shorter than the delivery's lease, by more than an answer from the database takes. */
  readonly deadlineMs: number
  /** However much life it shows. */
  readonly longestMs: number
  /** The delivery's lease counts anew. False: it is lost, so somebody else decides what becomes of it. */
  renew(): Promise<boolean>
  /** Aborted: the process wants to end, nobody is given more time. */
  readonly stopping?: AbortSignal | undefined
}

export interface SendCall {
  readonly signal: AbortSignal
  /** The platform takes what it is sent, or is as good as sure to for so long. */
  alive(forMs?: number): void
}

/** How long an adapter that does not listen to its signal is waited for. */
export const graceMs = 1_000

/** The signal aborts when its time is over; work that does not end by then is left behind `graceMs` later. */
export async function withDeadline<T>(time: SendTime, work: (call: SendCall) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  let leave: NodeJS.Timeout | undefined
  let reject: (error: ChannelError) => void
  const late = new Promise<never>((_, refuse) => {
    reject = refuse
  })
  const limit = startLimit(time, () => {
    controller.abort()
    leave ??= setTimeout(() => reject(tooLate()), graceMs)
  })
  try {
    return await Promise.race([work({ signal: controller.signal, alive: limit.alive }), late])
  } catch (error) {
    throw controller.signal.aborted && !(error instanceof ChannelError) ? tooLate(error) : error
  } finally {
    limit.stop()
    clearTimeout(leave)
  }
}

interface Limit {
  alive(forMs?: number): void
  stop(): void
}

/**
 * The deadline moves only with the lease: counted from the question that renewed it, so that at every moment it lies
 * before the lease's end, whatever the platform says.
 */
function startLimit(time: SendTime, over: () => void): Limit {
  const end = performance.now() + time.longestMs
  let heard = false
  let busyUntil = 0
  let renewing = false
  let until = 0
  let timer: NodeJS.Timeout | undefined
  const countFrom = (asked: number) => {
    until = Math.min(end, asked + time.deadlineMs)
    clearTimeout(timer)
    timer = setTimeout(stop, until - performance.now(), over)
  }
  async function moveOn(): Promise<void> {
    const asked = performance.now()
    const living = (heard || asked < busyUntil) && asked < until && !time.stopping?.aborted
    if (!living || renewing) return
    heard = false
    renewing = true
    const held = await time.renew().catch(() => null)
    renewing = false
    if (performance.now() >= until) return
    if (held === false) stop(over)
    if (held === true) countFrom(asked)
  }
  const beat = setInterval(moveOn, time.deadlineMs / 4)
  function stop(then?: () => void): void {
    until = 0
    clearTimeout(timer)
    clearInterval(beat)
    then?.()
  }
  countFrom(performance.now())
  return {
    alive: (forMs = 0) => {
      heard = true
      busyUntil = Math.max(busyUntil, performance.now() + forMs)
    },
    stop,
  }
}

function tooLate(cause?: unknown): ChannelError {
  return new ChannelError({ kind: 'uncertain' }, 'The platform did not answer in time.', { cause })
}
