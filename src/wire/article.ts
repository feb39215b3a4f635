import { z } from 'zod'
import { localeTag } from '../domain/help-locale.ts'
import { helpVariables } from '../domain/help-settings.ts'
import { id, name, time } from './primitive.ts'

export const locale = z
  .string()
  .max(35)
  .refine((text) => localeTag(text) === text, 'must be a language tag such as en, zh or zh-TW')
/** What stands in the address of a page. */
export const helpSlug = z
  .string()
  .max(100)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'lower-case letters, digits and single hyphens')
  .refine((slug) => !['search', 'files', 'assets', 'contact'].includes(slug), 'is kept for the help centre itself')
const position = z.int().min(0).max(100_000)
const line = (max: number) => z.string().trim().min(1).max(max)

const categoryText = z.strictObject({ locale, name, description: z.string().trim().max(500).default('') })
export const articleCategory = z.object({
  id,
  slug: z.string(),
  position: z.number(),
  texts: z.array(z.object({ locale: z.string(), name: z.string(), description: z.string() })),
})
export type ArticleCategory = z.infer<typeof articleCategory>
export const newArticleCategory = z.strictObject({
  slug: helpSlug,
  position: position.optional(),
  texts: z.array(categoryText).min(1).max(50),
})
export const articleCategoryPatch = newArticleCategory.partial()

const textState = z.enum(['draft', 'published', 'archived'])
export const textSummary = z.object({
  locale: z.string(),
  title: z.string(),
  state: textState,
  /** What is written differs from what is public. */
  changed: z.boolean(),
  /** Another language says something that this one does not. */
  outdated: z.boolean(),
  updatedAt: time,
})
export const listedArticle = z.object({
  id,
  slug: z.string(),
  categoryId: id,
  position: z.number(),
  archived: z.boolean(),
  updatedAt: time,
  texts: z.array(textSummary),
})
export type ListedArticle = z.infer<typeof listedArticle>

export const articleText = textSummary.extend({
  summary: z.string(),
  body: z.string(),
  keywords: z.array(z.string()),
  phrasings: z.array(z.string()),
  /** Rises with every save. */
  rev: z.number(),
  version: z.number().nullable(),
  updatedBy: z.string(),
  /** Where everybody reads it; null: nobody does. */
  url: z.string().nullable(),
  feedback: z.object({ helpful: z.number(), unhelpful: z.number() }),
})
export type ArticleText = z.infer<typeof articleText>
export const article = listedArticle.extend({
  texts: z.array(articleText),
  /** Signed, for a short time: files that its texts name. */
  files: z.array(z.object({ id, name: z.string(), type: z.string(), url: z.string() })),
})
export type Article = z.infer<typeof article>

export const articleQuery = z.strictObject({
  category: id.optional(),
  next: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(100).optional(),
})
export const articleTextBody = z.strictObject({
  title: line(200),
  summary: z.string().trim().max(500).optional(),
  /** CommonMark. */
  body: z.string().max(100_000),
  keywords: z.array(line(100)).max(50).optional(),
  /** Questions that it answers, as customers ask them. */
  phrasings: z.array(line(500)).max(200).optional(),
  /** The `rev` that was looked at; 0: there was none. */
  basedOn: z.int().min(0).optional(),
})
export const newArticle = z.strictObject({
  slug: helpSlug,
  categoryId: id,
  position: position.optional(),
  locale,
  title: line(200),
})
export const articlePatch = z.strictObject({
  slug: helpSlug.optional(),
  categoryId: id.optional(),
  position: position.optional(),
  archived: z.boolean().optional(),
})
/** `minor`: translations stay current. */
export const articlePublication = z.strictObject({ minor: z.boolean().optional() })
export const articleTextParams = z.strictObject({ id, locale })
export const articleVersionParams = z.strictObject({ id, locale, number: z.coerce.number().int().min(1).max(1e9) })
export const articleVersion = z.object({
  number: z.number(),
  title: z.string(),
  summary: z.string(),
  body: z.string(),
  minor: z.boolean(),
  current: z.boolean(),
  publishedBy: z.string(),
  publishedAt: time,
})
export type ArticleVersion = z.infer<typeof articleVersion>

export const articleSearchQuery = z.strictObject({
  q: z.string().trim().min(1).max(1_000),
  locale: locale.optional(),
  limit: z.coerce.number().int().min(1).max(20).optional(),
})
export const foundArticle = z.object({
  id,
  locale: z.string(),
  title: z.string(),
  summary: z.string(),
  category: z.string(),
  url: z.string(),
})
export type FoundArticle = z.infer<typeof foundArticle>
export const foundArticles = z.object({ items: z.array(foundArticle) })

// Nothing that fetches, and nothing that ends the declaration.
const variable = z
  .string()
  .regex(/^(?!.*(?:url|expression|image|var)\s*\()[\w#(),.%'" -]{1,200}$/i, 'is not a plain value')
const variables = z.partialRecord(z.enum(helpVariables), variable)
export const helpSettings = z.strictObject({
  enabled: z.boolean(),
  name: z.string().trim().max(80),
  accent: z.string().regex(/^#[0-9a-f]{6}$/i, 'must look like #0d6e85'),
  logoId: id.nullable(),
  homeUrl: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .nullable(),
  /** Where the contact form writes to; null: there is none. */
  contactInboxId: id.nullable().default(null),
  defaultLocale: locale,
  /** For a language those that stand in for it, best first; the default language is always the last. */
  fallbacks: z.record(locale, z.array(locale).max(20)),
  variables,
  darkVariables: variables,
})
