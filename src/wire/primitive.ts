import { z } from 'zod'

/** Opaque outside the database: a decimal string. */
export const id = z
  .string()
  .regex(/^[1-9][0-9]{0,18}$/, { error: 'must be an id', abort: true })
  .refine((value) => BigInt(value) <= 9_223_372_036_854_775_807n, 'must be an id')
/** RFC 3339, UTC. */
export const time = z.iso.datetime()
export const limit = z.coerce.number().int().min(1).max(100)

/** Every list: `next` goes back as the query parameter it came from; null at the end. */
export function page<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable() })
}
export interface Page<T> {
  items: T[]
  next: string | null
}

/** A name people give things: one line, visible. */
export const name = z.string().trim().min(1).max(200)
export const emailAddress = z.email().max(254)
