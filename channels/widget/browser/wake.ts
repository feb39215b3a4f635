const tick = 5_000

/**
 * Calls `wake` when the page may have missed something: back online, back on screen, back from sleep; and `poll` every
 * 5 s on screen, every 30 s in a hidden tab.
 */
export function onWake(wake: () => void, poll: () => void): void {
  addEventListener('online', wake)
  addEventListener('offline', wake)
  addEventListener('pageshow', (event) => event.persisted && wake())
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && wake())
  let last = Date.now()
  let quiet = 0
  setInterval(() => {
    const now = Date.now()
    const slept = now - last > tick * 6
    last = now
    if (slept) return wake()
    quiet += 1
    if (document.visibilityState === 'visible' || quiet >= 6) {
      quiet = 0
      poll()
    }
  }, tick)
}
