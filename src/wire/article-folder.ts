import { z } from 'zod'

const yes = z.enum(['true', 'false']).optional()
/** `dryRun`: says what it would do, and does nothing of it; `drafts`: publishes nothing. */
export const articleImportQuery = z.strictObject({ dryRun: yes, drafts: yes })
export const articleImport = z.object({
  /** Of the folder, in its order. */
  texts: z.array(
    z.object({
      path: z.string(),
      locale: z.string(),
      title: z.string(),
      done: z.enum(['added', 'changed', 'unchanged']),
    }),
  ),
  /** What was left out: its path and why. */
  faults: z.array(z.string()),
})
export type ArticleImport = z.infer<typeof articleImport>
