import { describe, expect, test } from 'vitest'
import { objections } from '../support/stand-ins/discord/described.ts'
import type { Call } from '../support/stand-ins/discord/state.ts'

const channel = '/channels/319674150115610528'
const write: Call = { method: 'POST', path: `${channel}/messages`, body: { content: 'hello' }, status: 403 }
const refused = { message: 'Missing Permissions', code: 50013 }

describe('what Discord’s API takes and answers, by its own description', () => {
  test('has nothing against a message and a refusal', () => {
    expect(objections({ ...write, answer: refused })).toEqual([])
    expect(objections({ ...write, path: `${channel}/typing`, body: {}, status: 204 })).toEqual([])
  })

  test.each<[about: string, call: Call]>([
    ['a call that it does not have', { ...write, path: `${channel}/letters` }],
    ['a body with a misspelt field', { ...write, body: { content: 'hello', allowed_mention: { parse: [] } } }],
    ['a misspelt field within a field', { ...write, body: { allowed_mentions: { parse: [], repliedUser: true } } }],
    ['a nonce that is too long', { ...write, body: { content: 'hello', nonce: 'x'.repeat(26) } }],
    ['a body where none belongs', { ...write, path: `${channel}/typing`, status: 204 }],
    ['an answer that is no message', { ...write, status: 200, answer: { id: '1', content: 'hello' } }],
    ['another status than its own', { ...write, status: 201, answer: {} }],
    ['a refusal without its number', { ...write, answer: { message: 'no' } }],
  ])('objects to %s', (_about, call) => {
    expect(objections(call)).not.toEqual([])
  })
})
