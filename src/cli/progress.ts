export interface Progress {
  /** Instead of what stood there before. */
  show(text: string): void
  end(): void
}

/** At most so often, ms. */
const pace = 100

/** One line that changes, for somebody who watches a terminal; nothing in a log. */
export function progressOn(stream: NodeJS.WriteStream = process.stderr): Progress {
  if (!stream.isTTY) return { show: () => {}, end: () => {} }
  let shownAt = 0
  return {
    show: (text) => {
      if (performance.now() - shownAt < pace) return
      shownAt = performance.now()
      stream.write(`\r\x1b[K${text}`)
    },
    end: () => void (shownAt > 0 && stream.write('\r\x1b[K')),
  }
}

export const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`
