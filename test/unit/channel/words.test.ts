import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { channels } from '../../../channels/index.ts'
import { settingsErrorOf } from '../../../src/channel/settings-fault.ts'
import type { FieldWords } from '../../../src/channel/words.ts'
import { commonSettings } from '../../../src/domain/inbox.ts'
import { commonWords } from '../../../src/domain/inbox-words.ts'

interface Schema {
  readonly description?: string
  readonly properties?: Readonly<Record<string, Schema>>
}

/** Every field by its dotted path. */
function fieldsOf({ properties = {} }: Schema, prefix = ''): [string, Schema][] {
  return Object.entries(properties).flatMap(([name, field]): [string, Schema][] => [
    [prefix + name, field],
    ...fieldsOf(field, `${prefix}${name}.`),
  ])
}

const schemaOf = (schema: z.ZodType): Schema =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Schema
const chinese = /\p{Script=Han}/u

function expectSaid(schema: z.ZodType, said: Readonly<Record<string, FieldWords>> | undefined): void {
  const fields = fieldsOf(schemaOf(schema))
  expect(fields.length).toBeGreaterThan(0)
  const missing = fields.flatMap(([path, { description }]) => [
    ...(chinese.test(said?.[path]?.title ?? '') ? [] : [`${path}: title`]),
    ...(!description || chinese.test(said?.[path]?.description ?? '') ? [] : [`${path}: description`]),
  ])
  expect(missing).toEqual([])
  const paths = new Set(fields.map(([path]) => path))
  expect(Object.keys(said ?? {}).filter((path) => !paths.has(path))).toEqual([])
}

describe('in Chinese', () => {
  test.each(channels)('$id has a name, its steps and every setting', (adapter) => {
    const words = adapter.translations?.['zh']
    expect(words?.name).toMatch(chinese)
    expect(words?.instructions).toHaveLength(adapter.instructions.length)
    expectSaid(adapter.settingsSchema, words?.fields)
  })

  test.each(channels)('what else $id says has a place for each thing that differs', ({ translations }) => {
    const said = Object.entries(translations?.['zh']?.said ?? {})
    expect(said.filter(([en, own]) => en.split('{}').length !== own.split('{}').length)).toEqual([])
    expect(said.filter(([en, own]) => en === '' || !chinese.test(own))).toEqual([])
  })

  test('the settings every inbox has are said', () => expectSaid(commonSettings, commonWords['zh']))
})

describe('settings that do not fit', () => {
  const schema = z.strictObject({
    token: z.string().min(1),
    secret: z.string().min(32, 'must have at least 32 characters').optional(),
    name: z.string().max(3).default(''),
    pause: z.number().min(5).max(60).optional(),
    hosts: z
      .array(z.string().refine((host) => host !== 'bad', 'must be good'))
      .max(2)
      .default([]),
    site: z.url().optional(),
    imap: z.strictObject({ host: z.string() }).optional(),
  })
  const faultOf = (input: unknown) => {
    const parsed = schema.safeParse(input)
    if (parsed.success) throw new Error('it fits')
    const { field, fault } = settingsErrorOf(parsed.error, input)
    return [field, fault]
  }

  test.each([
    [{}, ['token', { code: 'required' }]],
    [{ token: '' }, ['token', { code: 'required' }]],
    [{ token: 't', secret: 'short' }, ['secret', { code: 'tooShort', limit: 32 }]],
    [{ token: 't', name: 'long' }, ['name', { code: 'tooLong', limit: 3 }]],
    [{ token: 't', pause: 1 }, ['pause', { code: 'tooSmall', limit: 5 }]],
    [{ token: 't', pause: 100 }, ['pause', { code: 'tooLarge', limit: 60 }]],
    [{ token: 't', hosts: ['a', 'b', 'c'] }, ['hosts', { code: 'tooMany', limit: 2 }]],
    [{ token: 't', hosts: ['a', 'bad'] }, ['hosts.1', undefined]],
    [{ token: 't', site: 'nowhere' }, ['site', { code: 'invalid' }]],
    [{ token: 7 }, ['token', { code: 'invalid' }]],
    [{ token: 't', imap: {} }, ['imap.host', { code: 'required' }]],
    [{ token: 't', colour: 'red' }, ['colour', { code: 'unknown' }]],
  ])('%j is said by field and fault', (input, fault) => expect(faultOf(input)).toEqual(fault))
})
