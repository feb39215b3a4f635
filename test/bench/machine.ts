import { execFileSync } from 'node:child_process'
import { cpus, loadavg, totalmem } from 'node:os'
import type { Queryable } from '../../src/store/database.ts'

export async function machineLine(q: Queryable, kind: string): Promise<string> {
  const { rows } = await q.query(`select current_setting('server_version') as version`)
  const version = (rows[0] as { version: string }).version.split(' ')[0]
  const gib = Math.round(totalmem() / 2 ** 30)
  const load = loadavg()[0]?.toFixed(1)
  return [
    `tributary bench  ${commit()}`,
    `${cpus().length} cores ${gib} GiB`,
    `node ${process.versions.node}`,
    `PostgreSQL ${version} ${kind}`,
    `load ${load}`,
  ].join('  ')
}

/** With a star where the working tree has changes. */
export function commit(): string {
  try {
    const git = (...args: string[]) =>
      execFileSync('git', args, { stdio: ['ignore', 'pipe', 'ignore'] })
        .toString()
        .trim()
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', '--untracked-files=no') ? '*' : '')
  } catch {
    return 'unknown'
  }
}
