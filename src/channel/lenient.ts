import { z } from 'zod'

/** For reading what others tell: what only adorns may be missing or broken without spoiling the rest. */
export const word = z.string().optional().catch(undefined)
export const words = z.string().catch('')
export const wordOrNull = z.string().nullish().catch(null)
export const anything = z.unknown().optional()
export const maybe = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined)
export const each = <T extends z.ZodType, N extends string>(schema: T, ...names: N[]) =>
  Object.fromEntries(names.map((name) => [name, maybe(schema)])) as Record<N, ReturnType<typeof maybe<T>>>

/** Entries that cannot be read are left out, not the list. */
export function list<T extends z.ZodType>(item: T) {
  const all = z.array(z.unknown()).catch([])
  return all.transform((some) => some.slice(0, 200).flatMap((one) => item.safeParse(one).data ?? []))
}
