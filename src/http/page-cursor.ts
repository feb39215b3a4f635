import { z } from 'zod'
import { id } from '../wire/primitive.ts'
import { badField } from './http-error.ts'

/** `next` is opaque to clients and untrusted by us: it only says where to go on, never what may be seen. */
export function encodeCursor(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

export function decodeCursor<T>(text: string | undefined, schema: z.ZodType<T>): T | undefined {
  if (text === undefined) return undefined
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
  } catch {
    throw badField('next', 'is not one of ours')
  }
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw badField('next', 'is not one of ours')
  return parsed.data
}

const idCursor = z.strictObject({ id })

export function decodeIdCursor(text: string | undefined): string | undefined {
  return decodeCursor(text, idCursor)?.id
}

/** A page of rows asked for with one row more than `limit`. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  view: (row: Row) => Item,
  key: (row: Row) => unknown,
) {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const next = rows.length > limit && last !== undefined ? encodeCursor(key(last)) : null
  return { items: shown.map(view), next }
}
