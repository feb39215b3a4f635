import { describe, expect, test } from 'vitest'
import { descriptionPath, type Exchange, readDescription } from '../support/x-description.ts'
import { shapeObjections } from '../support/x-shapes.ts'

const description = readDescription()
if (!description) {
  console.warn(
    `X's description of its API is not at ${descriptionPath}: our calls were held against our own shapes only.`,
  )
}

const list = '/2/dm_events'
const dm: Exchange = {
  method: 'POST',
  path: '/2/dm_conversations/with/2222222222222222222/messages',
  query: {},
  body: { text: 'hello' },
  auth: 'oauth1',
  status: 201,
  answer: { data: { dm_conversation_id: '1-2', dm_event_id: '2080000000000000001' } },
}
const append: Exchange = {
  ...dm,
  path: '/2/media/upload/2080000000000000001/append',
  body: new FormData(),
  status: 200,
  answer: { data: { expires_at: 1 } },
}
const looked: Exchange = {
  ...dm,
  method: 'GET',
  path: list,
  query: { max_results: '10', 'dm_event.fields': 'id,text' },
  body: {},
  status: 200,
  answer: { data: [], meta: { result_count: 0 } },
}

const both: readonly (readonly [about: string, exchange: Exchange])[] = [
  ['a body with a misspelt field', { ...dm, body: { txt: 'hello' } }],
  ['a body where none belongs', { ...looked, body: { text: 'hello' } }],
  ['a call that X does not have', { ...dm, path: '/2/dm_messages' }],
  ['an answer with a field of another name', { ...dm, answer: { data: { dm_event: '1' } } }],
  ['an answer whose id is a number', { ...dm, answer: { data: { dm_conversation_id: '1-2', dm_event_id: 5 } } }],
  ['a list whose items are named otherwise', { ...looked, answer: { data: [{ event_id: '1' }], meta: {} } }],
]
const describedOnly: readonly (readonly [about: string, exchange: Exchange])[] = [
  ['a call signed by somebody who may not make it', { ...dm, auth: 'app' }],
  ['an unknown parameter', { ...looked, query: { since_id: '1' } }],
  ['a parameter out of its range', { ...looked, query: { max_results: '500' } }],
  ['a field that cannot be asked for', { ...looked, query: { 'dm_event.fields': 'id,colour' } }],
  ['a piece of a file without its place', append],
  ['another status than its own', { ...dm, status: 200 }],
  ['a refusal that is not in X’s frame', { ...dm, status: 403, answer: { error: 'no' } }],
]

describe('what X’s API takes and answers', () => {
  test('the calls they are made from have nothing against them', () => {
    for (const exchange of [dm, looked]) {
      expect(shapeObjections(exchange)).toEqual([])
      expect(description?.objections(exchange) ?? []).toEqual([])
    }
  })

  test.each(both)('our own shapes object to %s', (_about, exchange) => {
    expect(shapeObjections(exchange)).not.toEqual([])
  })

  test.skipIf(!description).each([...both, ...describedOnly])(
    'its published description objects to %s',
    (_about, exchange) => {
      expect(description?.objections(exchange)).not.toEqual([])
    },
  )
})
