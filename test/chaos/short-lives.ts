/** Of three threads of this process two die before they could do much. Each death is a line of its log. */
export function shortLives(): void {
  process.on('worker', (worker) => {
    if (Math.random() > 2 / 3) return
    setTimeout(() => {
      process.stdout.write(`${threadDied}\n`)
      void worker.terminate()
    }, Math.random() * longestMs)
  })
}

export const threadDied = '{"event":"chaos.thread"}'

/** About as long as a few articles take to learn. */
const longestMs = 120
