import { expect, test } from 'vitest'
import { z } from 'zod'
import {
  defaultsOf,
  type FormField,
  formOf,
  problemAt,
  type Schema,
  valueAt,
  withValue,
  words,
} from '../src/data/settings-form.ts'

const settings = z.object({
  token: z.string().min(1).meta({ title: 'Bot token', secret: true }),
  receive: z.enum(['polling', 'webhook']).default('polling'),
  pollSeconds: z.number().int().min(5).max(600).optional(),
  directMessages: z.boolean().default(true),
  staffRoles: z.array(z.string()).default([]),
  supportChannels: z.array(z.object({ id: z.string() })).optional(),
  address: z.email().optional(),
  apiUrl: z.url().optional(),
  retentionDays: z.number().int().nullable().optional(),
  from: z.union([z.literal('now'), z.iso.datetime()]).optional(),
  imap: z.object({ host: z.string(), password: z.string().meta({ secret: true }).optional() }).optional(),
  signature: z.string().optional().meta({ multiline: true }),
  deep: z.boolean().default(false).meta({ rare: true }),
})
const schema = z.toJSONSchema(settings, { io: 'input' }) as Schema
const { main, more } = formOf(schema)
const field = (path: string): FormField | undefined => [...main, ...more].find((one) => one.path === path)

test('each kind of setting gets a control that fits it', () => {
  const kinds = Object.fromEntries([...main, ...more].map((one) => [one.path, one.kind]))
  expect(kinds).toEqual({
    token: 'text',
    receive: 'choice',
    pollSeconds: 'number',
    directMessages: 'check',
    staffRoles: 'lines',
    supportChannels: 'json',
    address: 'text',
    apiUrl: 'text',
    retentionDays: 'number',
    from: 'text',
    imap: 'group',
    signature: 'text',
    deep: 'check',
  })
})

test('secrets are never shown, also inside a group', () => {
  expect(field('token')).toMatchObject({ secret: true, input: 'password', label: 'Bot token', required: true })
  const imap = field('imap')
  const inside = imap?.kind === 'group' ? imap.fields : []
  expect(inside.find((one) => one.path === 'imap.password')).toMatchObject({ secret: true, input: 'password' })
})

test('what every inbox has is folded away, unless its channel asks for it', () => {
  const properties = { privacyUrl: { type: 'string' }, reopenHours: { type: 'integer' } }
  const asked = formOf({ properties, required: ['privacyUrl'] })
  expect(asked.main).toMatchObject([{ path: 'privacyUrl', required: true }])
  expect(formOf({ properties }).more.map(({ path }) => path)).toEqual(['privacyUrl', 'reopenHours'])
})

test('what has a default need not be filled in', () => {
  expect(field('receive')?.required).toBe(false)
  expect(defaultsOf(schema)).toEqual({ receive: 'polling', directMessages: true, staffRoles: [], deep: false })
})

test('what is rarely changed is folded away', () => {
  expect(more.map((one) => one.path).sort()).toEqual(['deep', 'from', 'retentionDays'])
})

test('values are set by path and taken out when emptied', () => {
  const filled = withValue({ a: 1 }, 'imap.host', 'mail.example')
  expect(filled).toEqual({ a: 1, imap: { host: 'mail.example' } })
  expect(valueAt(filled, 'imap.host')).toBe('mail.example')
  expect(withValue(filled, 'a', undefined)).toEqual({ imap: { host: 'mail.example' } })
  expect(valueAt({}, 'imap.host')).toBeUndefined()
})

test('a name without a title is still readable', () => {
  expect(words('reopenHours')).toBe('Reopen hours')
})

test('what the server objects to is said beside the control it means', () => {
  expect(problemAt({ 'settings.origins.1': 'must be an address' }, 'origins')).toBe('must be an address')
  expect(problemAt({ token: 'is empty' }, 'token')).toBe('is empty')
  expect(problemAt({ 'imap.host': 'is empty' }, 'imap')).toBeUndefined()
  expect(problemAt({ tokens: 'x' }, 'token')).toBeUndefined()
})
