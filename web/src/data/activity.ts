import type { Live } from './live.ts'

/** After so long without input a person counts as gone; the server knows the same number. */
const goneMs = 5 * 60_000
const sayEveryMs = 60_000

/** Tells the server, once a minute while there is input, that a person and not only a page is here. Returns what ends it. */
export function watchActivity(live: Live): () => void {
  // Somebody opened this page.
  let inputAt = Date.now()
  let saidAt = 0
  const say = () => {
    const idleMs = Date.now() - inputAt
    if (live.state.get() !== 'open' || idleMs >= goneMs) return
    saidAt = Date.now()
    live.send({ type: 'here', idleMs: Math.max(0, idleMs) })
  }
  const onInput = () => {
    inputAt = Date.now()
    if (inputAt - saidAt >= sayEveryMs) say()
  }
  const events = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const
  for (const event of events) window.addEventListener(event, onInput, { passive: true, capture: true })
  // A new socket may end at a server that heard nothing of us yet.
  const stop = live.state.subscribe(say)
  return () => {
    stop()
    for (const event of events) window.removeEventListener(event, onInput, { capture: true })
  }
}
