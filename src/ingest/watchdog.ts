export interface Watchdog {
  alive(): void
  stop(): void
}

/** Barks once, after `silenceMs` without a sign of life. 0: never. */
export function createWatchdog(silenceMs: number, bark: (silentMs: number) => void): Watchdog {
  if (silenceMs <= 0) return { alive: () => {}, stop: () => {} }
  let last = performance.now()
  const timer = setInterval(
    () => {
      const silent = performance.now() - last
      if (silent < silenceMs) return
      clearInterval(timer)
      bark(Math.round(silent))
    },
    Math.max(10, Math.min(silenceMs / 4, 5_000)),
  ).unref()
  return {
    alive: () => {
      last = performance.now()
    },
    stop: () => clearInterval(timer),
  }
}
