import { type Description, type Exchange, readDescription } from '../../x-description.ts'
import { shapeObjections } from '../../x-shapes.ts'
import type { XState } from './state.ts'

let description: Description | null | undefined

/**
 * Everything that was asked and answered, held against our own shapes, and against X's published description where that is
 * at hand. A platform of before the renaming speaks in words that neither knows.
 */
export function xObjections(state: Pick<XState, 'requests' | 'activity' | 'oldWords'>): string[] {
  if (state.oldWords) return []
  description ??= readDescription()
  const all: readonly Exchange[] = state.requests
  const asked = all.flatMap((one) => [...shapeObjections(one), ...(description?.objections(one) ?? [])])
  const told = state.activity.flatMap(({ type, body }) => description?.toldObjections(type, body) ?? [])
  return [...new Set([...asked, ...told])]
}
