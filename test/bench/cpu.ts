import { readdirSync, readFileSync } from 'node:fs'

/** The kernel's clock ticks a second, fixed on Linux. */
const ticksPerSecond = 100

/** CPU time of a server and all its present and past children, ms. 0 where /proc does not tell. */
export function processTreeMs(pid: number | undefined): number {
  if (pid === undefined) return 0
  let ticks = 0
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    const stat = statOf(Number(entry))
    if (!stat) continue
    if (Number(entry) === pid) ticks += stat.own + stat.children
    else if (stat.parent === pid) ticks += stat.own
  }
  return (ticks * 1_000) / ticksPerSecond
}

/** Resident memory, MiB; 0 when the process is gone. */
export function residentMiB(pid: number): number {
  try {
    const kib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return Number(kib ?? 0) / 1_024
  } catch {
    return 0
  }
}

function statOf(pid: number): { parent: number; own: number; children: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in brackets may hold spaces: fields are counted behind it.
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    const at = (index: number) => fields[index] ?? 0
    return { parent: at(1), own: at(11) + at(12), children: at(13) + at(14) }
  } catch {
    return undefined
  }
}
