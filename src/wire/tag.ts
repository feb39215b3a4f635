import { z } from 'zod'
import { id } from './primitive.ts'

export const tag = z.object({ id, name: z.string(), color: z.string().nullable() })
export type Tag = z.infer<typeof tag>
export const newTag = z.strictObject({
  name: z.string().trim().min(1).max(60),
  color: z
    .string()
    .regex(/^[a-z]{1,20}$/)
    .nullable()
    .optional(),
})
export type NewTag = z.infer<typeof newTag>
export const tagPatch = newTag.partial()
export type TagPatch = z.infer<typeof tagPatch>
