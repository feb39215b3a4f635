const failuresInARow = 3
const restMs = 60_000

/** Whoever fails three times in a row is left alone for a minute: customers do not wait for it. */
export interface EndpointRest {
  rests(): boolean
  helped(): void
  failed(): void
}

/** `elapsed`: milliseconds that only go forward. */
export function createEndpointRest(elapsed: () => number): EndpointRest {
  let failures = 0
  let until = Number.NEGATIVE_INFINITY
  return {
    rests: () => elapsed() < until,
    helped() {
      failures = 0
    },
    failed() {
      failures += 1
      if (failures < failuresInARow) return
      until = elapsed() + restMs
      failures = 0
    },
  }
}
