import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { type HttpServer, httpServer } from '../support/http-server.ts'

let base: TestDatabase
let server: HttpServer
beforeAll(async () => {
  base = await testDatabase()
  server = await httpServer(base.db)
})
afterAll(async () => {
  await server?.close()
  await base?.close()
})

it('describes every route from the schemas that validate it', async () => {
  const { status, body } = await server.call('GET //openapi.json')
  expect([status, body.openapi]).toEqual([200, '3.1.0'])
  const paths = Object.keys(body.paths)
  for (const path of [
    '/session',
    '/me',
    '/conversations',
    '/conversations/{id}/messages',
    '/files',
    '/inboxes/{id}/health',
  ]) {
    expect(paths).toContain(`/api/v1${path}`)
  }
  const send = body.paths['/api/v1/conversations/{id}/messages'].post
  const schema = send.requestBody.content['application/json'].schema
  expect(schema).toMatchObject({ additionalProperties: false, required: ['kind', 'text', 'clientId'] })
  expect(schema.properties.kind.enum).toEqual(['reply', 'note'])
  expect(send['x-scope']).toBe('write')
  for (const path of paths) {
    for (const [method, route] of Object.entries<{ summary?: string; 'x-scope'?: string }>(body.paths[path])) {
      expect([method, path, typeof route.summary, typeof route['x-scope']]).toEqual([method, path, 'string', 'string'])
    }
  }
})
