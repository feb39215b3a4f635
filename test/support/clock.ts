/** A clock that stands still until a test moves it. Pass it wherever a `clock: () => Date` is asked for. */
export interface TestClock {
  (): Date
  advance(ms: number): void
  set(at: Date): void
}

export function testClock(start: Date | string = '2026-03-02T09:00:00.000Z'): TestClock {
  let now = new Date(start).getTime()
  const clock = () => new Date(now)
  return Object.assign(clock, {
    advance(ms: number) {
      now += ms
    },
    set(at: Date) {
      now = at.getTime()
    },
  })
}
