import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { FormField } from '../domain/form.ts'

const key = z.string().regex(/^[a-z][a-z0-9-]*$/)
const language = z.string().regex(/^[a-z]{2}$/)
/** By language; English is always there. */
const words = z.record(language, z.string().min(1)).refine((given) => 'en' in given, 'needs English')
const level = z.int().min(1).max(3)
const clock = z.string().regex(/^\d\d:\d\d$/)
const days = z.array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])).min(1)
/** Low, normal, high, urgent. */
const minutes = z.tuple([z.int(), z.int(), z.int(), z.int()])
const span = { timeZone: z.string(), days, from: clock, to: clock }

const topics = z.array(z.strictObject({ key, name: words, categories: z.array(key).min(1) }))

const teams = z.strictObject({
  teams: z.array(
    z.strictObject({
      key,
      name: z.string(),
      customerSees: words.nullable(),
      topics: z.array(key),
      languages: z.array(language),
      strategy: z.enum(['balanced', 'roundRobin', 'manual']),
      sticky: z.boolean().optional(),
      graceMinutes: z.number().positive(),
      overflow: key.nullable(),
      members: z.array(key).min(1),
    }),
  ),
  agents: z.array(
    z.strictObject({
      key,
      name: z.string(),
      publicName: z.string(),
      role: z.enum(['agent', 'supervisor']),
      tiers: z.array(level).min(1),
      languages: z.record(language, level),
      topics: z.record(key, level),
      capacity: z.int().positive(),
      shift: key,
    }),
  ),
  shifts: z.array(z.strictObject({ key, ...span })),
})

const promises = z.strictObject({
  hours: z.array(
    z.strictObject({
      key,
      name: z.string(),
      ...span,
      holidays: z.array(z.strictObject({ from: z.iso.date(), to: z.iso.date(), name: z.string() })),
    }),
  ),
  promises: z.array(
    z.strictObject({
      key,
      name: z.string(),
      hours: key.nullable(),
      teams: z.array(key).default([]),
      firstResponse: minutes.optional(),
      nextResponse: minutes.optional(),
      resolution: minutes.optional(),
      update: minutes.optional(),
      warnPercent: z.int().optional(),
      warnMinutes: z.int().optional(),
    }),
  ),
})

const action = z.record(z.string(), z.union([z.string(), z.number(), z.array(key)]))
const rules = z.array(
  z.strictObject({
    name: z.string(),
    says: z.string(),
    when: z.enum(['first', 'message', 'waiting']),
    if: z.record(z.string(), z.unknown()),
    do: z.array(action).min(1),
  }),
)
const macros = z.array(
  z.strictObject({
    key,
    name: words,
    visibleTo: z.union([z.literal('all'), key]),
    text: words,
    actions: z.array(action),
  }),
)

const place = z.strictObject({ key: z.string().includes('{n}'), kind: z.string(), place: z.string().optional() })
const inboxes = z.array(
  z.strictObject({
    channel: z.string(),
    name: z.string(),
    enabled: z.boolean(),
    team: key,
    promise: key,
    /** Where the help centre's contact form writes to. */
    contactForm: z.boolean().optional(),
    /** What is written there are letters to this address. */
    letters: z.email().optional(),
    settings: z.record(z.string(), z.unknown()),
    threads: z.partialRecord(z.enum(['private', 'shared', 'public']), place),
  }),
)

const said = z.strictObject({
  from: z.enum(['customer', 'agent', 'bot', 'note']),
  agent: key.optional(),
  article: key.optional(),
  minutesAgo: z.number().positive(),
  text: z.string().min(1),
  attachment: z.string().optional(),
})
const conversations = z.array(
  z.strictObject({
    key,
    channel: z.string(),
    audience: z.enum(['private', 'shared', 'public']).default('private'),
    contact: z.strictObject({
      name: z.string(),
      language,
      email: z.email().optional(),
      vip: z.boolean().default(false),
      attributes: z.record(z.string(), z.string()).default({}),
    }),
    subject: z.string().optional(),
    status: z.enum(['open', 'waiting', 'onHold', 'snoozed', 'resolved']),
    priority: z.int().min(1).max(4),
    topic: key,
    team: key.nullable(),
    assignee: key.nullable(),
    tier: level.default(1),
    tags: z.array(key).min(1),
    messages: z.array(said).min(1),
  }),
)

/** As src/wire/form.ts has them; a test compares. */
const field = z.custom<FormField>((given) => typeof given === 'object')
const forms = z.array(z.strictObject({ topic: key, position: z.int(), names: words, fields: z.array(field) }))

const schemas = { topics, forms, promises, rules, macros, inboxes, conversations }

export type Desk = { readonly [K in keyof typeof schemas]: z.infer<(typeof schemas)[K]> } & z.infer<typeof teams>

/** The desk that a folder of YAML describes. A file that is not as it must be is named in the error. */
export async function readDesk(folder: string): Promise<Desk> {
  const { parse } = await import('yaml')
  const read = async <T>(name: string, schema: z.ZodType<T>): Promise<T> => {
    const given = schema.safeParse(parse(await readFile(join(folder, `${name}.yaml`), 'utf8')), { reportInput: true })
    if (given.success) return given.data
    throw new Error(`${name}.yaml: ${z.prettifyError(given.error)}`)
  }
  return {
    topics: await read('topics', topics),
    forms: await read('forms', forms),
    ...(await read('teams', teams)),
    promises: await read('promises', promises),
    inboxes: await read('inboxes', inboxes),
    macros: await read('macros', macros),
    rules: await read('rules', rules),
    conversations: await read('conversations', conversations),
  }
}
