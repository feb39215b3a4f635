import { randomUUID } from 'node:crypto'
import { Registry } from 'prom-client'
import { reply } from '../../src/delivery/reply.ts'
import type { ReplyInput, ReplyResult } from '../../src/delivery/reply-input.ts'
import { type DeliveryWorker, type DeliveryWorkerOptions, startDeliveryWorker } from '../../src/delivery/worker.ts'
import type { Database } from '../../src/store/database.ts'
import type { DeliveryState } from '../../src/store/delivery.ts'
import { noFiles, type ScriptedChannel, silent } from './scripted-channel.ts'

/** A reply of some agent, as the HTTP route would make it. */
export function say(
  db: Database,
  channel: ScriptedChannel,
  conversationId: string,
  wish: Partial<ReplyInput> & { readonly text: string },
): Promise<ReplyResult> {
  const ctx = { db, connections: channel.connections, clock: () => new Date() }
  return reply(ctx, {
    conversationId,
    author: { type: 'agent', priority: 'person', key: 'token:1' },
    kind: 'reply',
    attachmentFileIds: [],
    clientId: randomUUID(),
    ...wish,
  })
}

export function startWorker(
  db: Database,
  channel: ScriptedChannel,
  options: DeliveryWorkerOptions = {},
): DeliveryWorker {
  const { connections } = channel
  return startDeliveryWorker({ db, connections, files: noFiles, log: silent, registry: new Registry() }, options)
}

export interface DeliveryFacts {
  readonly id: string
  readonly message_id: string
  readonly part: number
  readonly state: DeliveryState
  readonly attempt: number
  readonly failures: number
  readonly failure: string | null
  readonly reason: string | null
  readonly held_reason: string | null
  readonly external_id: string | null
}

export async function deliveriesIn(db: Database, conversationId: string): Promise<DeliveryFacts[]> {
  const { rows } = await db.pool.query('select * from delivery where conversation_id = $1 order by id', [
    conversationId,
  ])
  return rows as DeliveryFacts[]
}

export async function statesIn(db: Database, conversationId: string): Promise<DeliveryState[]> {
  return (await deliveriesIn(db, conversationId)).map((row) => row.state)
}
