import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import type { DatabaseTarget } from '../../src/store/database.ts'
import { temporaryFolder } from './temporary-folder.ts'

export interface PausableDatabase {
  readonly target: DatabaseTarget
  /** Nothing passes any more in either direction, and nothing is closed: as a process that was stopped sees it. */
  freeze(): void
  thaw(): void
  /** Every connection is lost and new ones are refused. */
  cut(): void
  restore(): void
  close(): Promise<void>
}

/** A way to the same database that a test can close under one node while the others go on. Unix sockets only. */
export async function pausableDatabase(real: DatabaseTarget): Promise<PausableDatabase> {
  const { host, port, rest } = socketOf(real)
  const folder = temporaryFolder()
  const pairs = new Set<readonly [Socket, Socket]>()
  let frozen = false
  let refusing = false
  const server = createServer((near) => {
    if (refusing) return void near.destroy()
    const far = connect(join(host, `.s.PGSQL.${port}`))
    const pair = [near, far] as const
    pairs.add(pair)
    for (const [from, to] of [pair, [far, near] as const]) {
      from.on('error', () => {})
      from.on('close', () => {
        pairs.delete(pair)
        to.destroy()
      })
      from.on('data', (chunk) => to.write(chunk))
      if (frozen) from.pause()
    }
  })
  server.listen(join(folder, `.s.PGSQL.${port}`))
  await once(server, 'listening')
  const each = (act: (socket: Socket) => void) => {
    for (const pair of pairs) for (const socket of pair) act(socket)
  }
  return {
    target: rest(folder),
    freeze: () => {
      frozen = true
      each((socket) => socket.pause())
    },
    thaw: () => {
      frozen = false
      each((socket) => socket.resume())
    },
    cut: () => {
      refusing = true
      each((socket) => socket.destroy())
    },
    restore: () => {
      refusing = false
    },
    close: async () => {
      each((socket) => socket.destroy())
      server.close()
      await once(server, 'close')
    },
  }
}

function socketOf(target: DatabaseTarget): {
  host: string
  port: number
  rest: (folder: string) => DatabaseTarget
} {
  if (!('url' in target)) return { ...target, rest: (folder) => ({ ...target, host: folder }) }
  const host = /[?&]host=([^&]+)/.exec(target.url)?.[1]
  if (host === undefined) throw new Error('Only a database behind a unix socket can be paused.')
  const port = Number(/[?&]port=(\d+)/.exec(target.url)?.[1] ?? 5432)
  return { host: decodeURIComponent(host), port, rest: (folder) => ({ url: target.url.replace(host, folder) }) }
}
