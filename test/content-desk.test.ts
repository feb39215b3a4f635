import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'

const root = path.join(import.meta.dirname, '..', 'content', 'northstar')
// A channel's folder is called like its id.
const channelIds = readdirSync(path.join(root, '..', '..', 'channels'))
  .filter((name) => !name.includes('.'))
  .sort()
const load = <T>(name: string, schema: z.ZodType<T>): T =>
  schema.parse(parse(readFileSync(path.join(root, name), 'utf8')), { reportInput: true })

const key = z.string().regex(/^[a-z][a-z0-9-]*$/)
const words = z.strictObject({ en: z.string(), zh: z.string(), ja: z.string(), ko: z.string(), ru: z.string() })
const language = z.enum(['en', 'zh', 'ja', 'ko', 'ru'])
const priority = z.number().int().min(1).max(4)
const clock = z.string().regex(/^\d\d:\d\d$/)

const topics = load('topics.yaml', z.array(z.strictObject({ key, name: words, categories: z.array(key).min(1) })))
const { teams, agents, shifts } = load(
  'teams.yaml',
  z.strictObject({
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
        role: z.enum(['agent', 'supervisor', 'admin']),
        tiers: z.array(z.number().int().min(1).max(3)).min(1),
        languages: z.partialRecord(language, z.number().int().min(1).max(3)),
        topics: z.record(key, z.number().int().min(1).max(3)),
        capacity: z.number().int().positive(),
        shift: key,
      }),
    ),
    shifts: z.array(z.strictObject({ key, timeZone: z.string(), days: z.array(z.string()), from: clock, to: clock })),
  }),
)

const action = z.record(z.string(), z.union([z.string(), z.number()]))
const condition = z.record(z.string(), z.unknown())
const rules = load(
  'rules.yaml',
  z.array(
    z.strictObject({
      name: z.string(),
      says: z.string(),
      when: z.enum(['first', 'message', 'changed', 'waiting']),
      if: condition,
      do: z.array(action).min(1),
    }),
  ),
)
const macros = load(
  'macros.yaml',
  z.array(
    z.strictObject({
      key,
      name: z.strictObject({ en: z.string(), zh: z.string() }),
      visibleTo: z.union([z.literal('all'), z.array(key).min(1)]),
      text: words,
      actions: z.array(action),
    }),
  ),
)
const message = z.strictObject({
  from: z.enum(['customer', 'agent', 'bot', 'note']),
  agent: key.optional(),
  article: key.optional(),
  minutesAgo: z.number().positive(),
  text: z.string().min(1),
  attachment: z.string().optional(),
})
const conversations = load(
  'conversations.yaml',
  z.array(
    z.strictObject({
      key,
      channel: z.string(),
      audience: z.enum(['private', 'shared', 'public']).optional(),
      contact: z.strictObject({
        name: z.string(),
        language,
        email: z.email().optional(),
        vip: z.boolean().optional(),
        attributes: z.record(z.string(), z.string()).optional(),
      }),
      subject: z.string().optional(),
      status: z.enum(['open', 'waiting', 'onHold', 'snoozed', 'resolved']),
      priority,
      topic: key,
      team: key.nullable(),
      assignee: key.nullable(),
      tier: z.number().int().min(1).max(3).optional(),
      tags: z.array(key).min(1),
      messages: z.array(message).min(3).max(8),
    }),
  ),
)

const keysOf = (rows: readonly { readonly key: string }[]) => rows.map((row) => row.key)
const unknown = (used: readonly (string | null | undefined)[], known: readonly string[]) =>
  used.filter((name) => name !== null && name !== undefined && !known.includes(name))

it('has a topic for every category of articles, and no topic without', () => {
  const folders = readdirSync(path.join(root, 'articles', 'en')).sort()
  expect(topics.flatMap((topic) => topic.categories).sort()).toEqual(folders)
})

it('names in teams and agents only what exists', () => {
  expect(
    unknown(
      teams.flatMap((team) => team.topics),
      keysOf(topics),
    ),
  ).toEqual([])
  expect(
    unknown(
      teams.flatMap((team) => team.members),
      keysOf(agents),
    ),
  ).toEqual([])
  expect(
    unknown(
      teams.map((team) => team.overflow),
      keysOf(teams),
    ),
  ).toEqual([])
  expect(
    unknown(
      agents.flatMap((agent) => Object.keys(agent.topics)),
      keysOf(topics),
    ),
  ).toEqual([])
  expect(
    unknown(
      agents.map((agent) => agent.shift),
      keysOf(shifts),
    ),
  ).toEqual([])
  expect(keysOf(agents).filter((name) => !teams.some((team) => team.members.includes(name)))).toEqual([])
})

it('has for every language a team promises a member who can answer in it', () => {
  const unspoken = teams.flatMap((team) =>
    team.languages
      .filter((tongue) => !team.members.some((m) => (agents.find((a) => a.key === m)?.languages[tongue] ?? 0) >= 2))
      .map((tongue) => `${team.key}: ${tongue}`),
  )
  expect(unspoken).toEqual([])
})

it('names in rules and macros only teams, topics and macros that exist', () => {
  const actions = [...rules.flatMap((rule) => rule.do), ...macros.flatMap((macro) => macro.actions)]
  const named = (field: string) => actions.flatMap((step) => (typeof step[field] === 'string' ? [step[field]] : []))
  expect(rules.length).toBeGreaterThanOrEqual(12)
  expect(unknown(named('team'), keysOf(teams))).toEqual([])
  expect(unknown(named('topic'), keysOf(topics))).toEqual([])
  expect(unknown(named('macro'), keysOf(macros))).toEqual([])
})

it('uses the same known variables in all five languages of a macro', () => {
  const variables = (text: string) => [...new Set(text.match(/\{\{[^}]*\}\}/g) ?? [])].sort()
  expect(macros.length).toBeGreaterThanOrEqual(12)
  for (const macro of macros) {
    const expected = variables(macro.text.en)
    expect(unknown(expected, ['{{contact.name}}', '{{conversation.number}}', '{{agent.name}}'])).toEqual([])
    for (const text of Object.values(macro.text)) expect(variables(text), macro.key).toEqual(expected)
  }
})

it('has twenty conversations over every channel in all five languages, in the order of time', () => {
  expect(conversations.length).toBe(20)
  expect([...new Set(conversations.map((one) => one.channel))].sort()).toEqual(channelIds)
  expect(new Set(conversations.map((one) => one.contact.language)).size).toBe(5)
  for (const one of conversations) {
    const times = one.messages.map((said) => said.minutesAgo)
    expect(times, one.key).toEqual([...times].sort((a, b) => b - a))
    expect(one.messages[0]?.from, one.key).toBe('customer')
  }
})

it('names in conversations only topics, teams, agents and articles that exist', () => {
  expect(
    unknown(
      conversations.map((one) => one.topic),
      keysOf(topics),
    ),
  ).toEqual([])
  expect(
    unknown(
      conversations.map((one) => one.team),
      keysOf(teams),
    ),
  ).toEqual([])
  const people = conversations.flatMap((one) => [one.assignee, ...one.messages.map((said) => said.agent)])
  expect(unknown(people, keysOf(agents))).toEqual([])
  for (const { contact, topic, messages } of conversations)
    for (const { article } of messages) {
      const folders = topics.find((one) => one.key === topic)?.categories ?? []
      const files = folders.map((folder) => path.join(root, 'articles', contact.language, folder, `${article}.md`))
      if (article) expect(files.some(existsSync), article).toBe(true)
    }
})
