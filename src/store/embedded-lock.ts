import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { EmbeddedError } from './embedded-platform.ts'

/** Session advisory locks, so that a killed process leaves none behind. */
const CLASS = 7_214_500
/** Held alone by `tributary start`: one on a data directory, and only it stops the server. */
const START = 1
/** Shared by commands for as long as they run. */
const COMMAND = 2

export type Role = 'start' | 'command'

/** Tells others who holds a lock. */
export const nameOf = (role: Role): string => `tributary ${role} ${process.pid}`

/** How long the connection of a killed process may still be seen, ms. */
const patience = 10_000

/** Throws when another `start` runs here. */
export async function takeLock(client: pg.Client, role: Role, dataDir: string): Promise<void> {
  if (role === 'command') {
    await client.query('select pg_advisory_lock_shared($1, $2)', [CLASS, COMMAND])
    return
  }
  const giveUpAt = Date.now() + patience
  while (!(await tryLock(client, START))) {
    const holder = await holderOfStart(client)
    const alive = holder !== undefined && existsSync(`/proc/${holder.pid}`)
    if ((alive && holder.role === 'start') || Date.now() > giveUpAt)
      throw new EmbeddedError(
        `Another Tributary${holder ? ` (process ${holder.pid})` : ''} runs on ${dataDir}. Stop it first, or choose another DATA_DIR.`,
      )
    await sleep(50)
  }
}

/** True: nobody else uses the server, and nobody can begin to before this connection ends. */
export async function isLast(client: pg.Client): Promise<boolean> {
  await client.query('select pg_advisory_unlock_shared($1, $2)', [CLASS, COMMAND])
  return (await tryLock(client, COMMAND)) && (await tryLock(client, START))
}

async function tryLock(client: pg.Client, key: number): Promise<boolean> {
  const { rows } = await client.query<{ held: boolean }>('select pg_try_advisory_lock($1, $2) as held', [CLASS, key])
  return rows[0]?.held === true
}

async function holderOfStart(client: pg.Client): Promise<{ role: string; pid: number } | undefined> {
  const { rows } = await client.query<{ application_name: string }>(
    `select a.application_name from pg_locks l join pg_stat_activity a on a.pid = l.pid
      where l.locktype = 'advisory' and l.granted and l.classid = $1 and l.objid = $2
        and l.database = (select oid from pg_database where datname = current_database())`,
    [CLASS, START],
  )
  const found = /^tributary (\w+) (\d+)$/.exec(rows[0]?.application_name ?? '')
  return found ? { role: found[1] ?? '', pid: Number(found[2]) } : undefined
}
