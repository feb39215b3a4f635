export interface DiffLine {
  readonly kind: 'same' | 'gone' | 'new'
  readonly text: string
}

/** More than this many lines against as many would keep the page waiting. */
const mostCells = 4_000_000

/** What of a text went and what came, line by line: the longest common run of lines stays. */
export function lineDiff(before: string, after: string): DiffLine[] {
  const [old, now] = [before.split('\n'), after.split('\n')]
  let head = 0
  while (head < old.length && head < now.length && old[head] === now[head]) head += 1
  let tail = 0
  while (tail < Math.min(old.length, now.length) - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1
  const middle = changed(old.slice(head, old.length - tail), now.slice(head, now.length - tail))
  return [...lines('same', now.slice(0, head)), ...middle, ...lines('same', now.slice(now.length - tail))]
}

const lines = (kind: DiffLine['kind'], texts: readonly string[]) => texts.map((text) => ({ kind, text }))

function changed(old: readonly string[], now: readonly string[]): DiffLine[] {
  if (old.length * now.length > mostCells) return [...lines('gone', old), ...lines('new', now)]
  const width = now.length + 1
  // Of the lines from here to the end, how many can stay.
  const common = new Uint32Array((old.length + 1) * width)
  const at = (i: number, j: number) => common[i * width + j] ?? 0
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      common[i * width + j] = old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const found: DiffLine[] = []
  let [i, j] = [0, 0]
  while (i < old.length || j < now.length) {
    const [gone, came] = [old[i], now[j]]
    if (gone !== undefined && gone === came) {
      found.push({ kind: 'same', text: gone })
      i += 1
      j += 1
    } else if (gone !== undefined && (came === undefined || at(i + 1, j) >= at(i, j + 1))) {
      found.push({ kind: 'gone', text: gone })
      i += 1
    } else {
      found.push({ kind: 'new', text: came ?? '' })
      j += 1
    }
  }
  return found
}
