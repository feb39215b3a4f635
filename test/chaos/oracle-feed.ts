import { once } from './api.ts'
import { rowsOf } from './database.ts'
import type { Findings } from './oracle-in.ts'
import type { Stage } from './stage.ts'

export interface FeedEntry {
  readonly id: string
  readonly position: string
  readonly kind: string
  readonly conversationId: string | null
  readonly version: number | null
  readonly messageId: string | null
}

export async function wholeFeed(stage: Pick<Stage, 'where' | 'token'>, from = '0'): Promise<FeedEntry[]> {
  const entries: FeedEntry[] = []
  for (let after = from; ; ) {
    const path = `/api/v1/events?after=${after}&limit=1000`
    const { status, body } = await once(stage.where, { method: 'GET', path, token: stage.token }, 120_000)
    if (status !== 200) throw new Error(`/events answered ${status}: ${JSON.stringify(body).slice(0, 200)}`)
    const page = body as { items: FeedEntry[]; next: string }
    entries.push(...page.items)
    if (page.items.length === 0 || page.next === after) return entries
    after = page.next
  }
}

/** Each change once, in order for each conversation. */
export async function judgeFeed(stage: Stage, found: Findings): Promise<void> {
  const entries = await wholeFeed(stage)
  const positions = new Set<string>()
  const versions = new Map<string, number>()
  const created = new Map<string, number>()
  for (const { id, position, kind, conversationId, version, messageId } of entries) {
    if (positions.has(position)) found.violations.push(`feed position ${position} was given twice`)
    positions.add(position)
    if (kind === 'message.created' && messageId) created.set(messageId, (created.get(messageId) ?? 0) + 1)
    if (conversationId === null || version === null) continue
    const before = versions.get(conversationId) ?? 0
    if (version < before) {
      found.disordered += 1
      found.violations.push(`feed entry ${id}: version ${version} of conversation ${conversationId} behind ${before}`)
    }
    versions.set(conversationId, Math.max(version, before))
  }
  for (const { id } of await rowsOf<{ id: string }>(stage.pool, 'select id from message')) {
    const times = created.get(id) ?? 0
    if (times !== 1) found.violations.push(`message ${id} is ${times} times in the feed`)
  }
}
