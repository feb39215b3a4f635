import { z } from 'zod'
import { jsonIn } from './json-in.ts'

const answer = z.object({ order: z.array(z.string()).max(10) })

/** The articles in the order a machine elsewhere puts them in: a permutation of what was given, or as they were. */
export function reranked(content: string, ids: readonly string[]): readonly string[] {
  const read = answer.safeParse(jsonIn(content))
  const order = read.success ? read.data.order : []
  const isPermutation =
    order.length === ids.length && new Set(order).size === ids.length && order.every((id) => ids.includes(id))
  return isPermutation ? order : ids
}
