import { createHash } from 'node:crypto'
import type { InboundEvent } from '../channel/contract.ts'

const MAX_KEY = 512

/**
 * What PostgreSQL could not store must not make an event unreadable: NUL becomes U+FFFD everywhere but in `raw` (whose
 * JSON escapes it), a key too long for an index is shortened by its hash, a date that is none is now.
 */
export function cleanEvent(event: InboundEvent, now: Date): InboundEvent {
  const { raw, occurredAt, ...rest } = event
  const clean = cleanValue(rest) as Omit<InboundEvent, 'raw' | 'occurredAt'>
  const at = occurredAt instanceof Date && !Number.isNaN(occurredAt.getTime()) ? occurredAt : now
  const keyed = {
    ...clean,
    eventId: shortKey(clean.eventId),
    thread: { ...clean.thread, key: shortKey(clean.thread.key) },
    raw,
    occurredAt: at,
  }
  const external = keyed as { externalId?: unknown }
  if (typeof external.externalId === 'string') external.externalId = shortKey(external.externalId)
  return keyed as InboundEvent
}

function cleanValue(value: unknown): unknown {
  if (typeof value === 'string') return value.includes('\0') ? value.replaceAll('\0', '\ufffd') : value
  if (Array.isArray(value)) return value.map(cleanValue)
  if (value === null || typeof value !== 'object' || value instanceof Date) return value
  for (const key in value) {
    const before = (value as Record<string, unknown>)[key]
    const after = cleanValue(before)
    if (after !== before) return { ...value, ...cleanEntries(value) }
  }
  return value
}

function cleanEntries(value: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, cleanValue(v)]))
}

function shortKey(key: string): string {
  if (key.length <= MAX_KEY) return key
  return `${key.slice(0, MAX_KEY - 80)}#${createHash('sha256').update(key).digest('hex')}`
}
