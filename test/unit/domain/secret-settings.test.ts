import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import {
  joinSettings,
  mask,
  maskSettings,
  secretPaths,
  splitSettings,
  unmaskSettings,
} from '../../../src/domain/secret-settings.ts'

const secret = () => z.string().meta({ secret: true })
const schema = z.strictObject({
  token: z.string().min(3).meta({ title: 'Token', secret: true }),
  optional: secret().optional(),
  imap: z.strictObject({
    host: z.string(),
    login: z.union([
      z.strictObject({ password: secret() }),
      z.strictObject({ oauth2: z.strictObject({ clientId: z.string(), refreshToken: secret() }) }),
    ]),
  }),
  hooks: z.array(z.strictObject({ url: z.string(), key: secret() })).default([]),
  named: z.record(z.string(), secret()).optional(),
})
const paths = secretPaths(schema)

const settings = {
  token: 't0ken',
  imap: { host: 'mail', login: { oauth2: { clientId: 'c', refreshToken: 'r' } } },
  hooks: [
    { url: 'u1', key: 'k1' },
    { url: 'u2', key: 'k2' },
  ],
  named: { a: 'x', b: 'y' },
}

describe('secrets among settings', () => {
  test('are found wherever a variant of the schema marks them', () => {
    expect(paths.map((path) => path.join('.')).sort()).toEqual([
      'hooks.*.key',
      'imap.login.oauth2.refreshToken',
      'imap.login.password',
      'named.*',
      'optional',
      'token',
    ])
  })

  test('leave the open part and come back to their places', () => {
    const { open, secrets } = splitSettings(settings, paths)
    const shown = JSON.stringify(open)
    for (const value of ['t0ken', '"r"', 'k1', 'k2', '"x"', '"y"']) expect(shown).not.toContain(value)
    expect(shown).toContain('u2')
    expect(joinSettings(JSON.parse(shown), JSON.parse(JSON.stringify(secrets)))).toEqual(settings)
  })

  test('read as a mask, and only those that are set', () => {
    const { open, secrets } = splitSettings(settings, paths)
    const shown = maskSettings(
      open,
      secrets.map(([path]) => path),
    )
    expect(shown).toMatchObject({ token: mask, hooks: [{ url: 'u1', key: mask }, { key: mask }], named: { a: mask } })
    expect(shown).not.toHaveProperty('optional')
  })

  test('stay what they were when the mask comes back, beside secrets that are new', () => {
    const { open, secrets } = splitSettings(settings, paths)
    const shown = maskSettings(
      open,
      secrets.map(([path]) => path),
    )
    const back = unmaskSettings({ ...shown, token: 'newer' }, secrets, paths)
    expect(back).toEqual({ settings: { ...settings, token: 'newer' }, lost: [] })
  })

  test('that were never given are not invented from a mask', () => {
    const { secrets } = splitSettings(settings, paths)
    expect(unmaskSettings({ optional: mask }, secrets, paths).lost).toEqual(['optional'])
  })

  test('a mask in a field that is no secret is a text like any other', () => {
    expect(unmaskSettings({ imap: { host: mask } }, [], paths)).toEqual({
      settings: { imap: { host: mask } },
      lost: [],
    })
  })

  test('places named like a prototype change nothing of other objects', () => {
    joinSettings({}, [[['__proto__', 'polluted'], 'yes']])
    joinSettings({}, [[['constructor', 'prototype', 'polluted'], 'yes']])
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    const hostile = JSON.parse('{"named":{"__proto__":"x","constructor":"y"}}') as Record<string, unknown>
    expect(JSON.stringify(splitSettings(hostile, paths).open)).not.toContain('"x"')
  })
})
