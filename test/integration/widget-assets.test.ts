import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { type VisitorApp, visitorApp } from '../support/visitor-app.ts'

const widgetRoot = mkdtempSync(join(tmpdir(), 'tributary-assets-'))
let database: TestDatabase
let app: VisitorApp

beforeAll(async () => {
  writeFileSync(join(widgetRoot, 'widget.js'), 'the loader')
  writeFileSync(join(widgetRoot, 'panel-a_B-9.js'), 'the panel')
  writeFileSync(join(widgetRoot, 'secret.txt'), 'not for anybody')
  database = await testDatabase()
  app = await visitorApp(database, { widgetRoot })
})
afterAll(async () => {
  await app?.close()
  await database?.close()
  rmSync(widgetRoot, { recursive: true, force: true })
})

const get = (path: string, headers: Record<string, string> = {}) => fetch(app.url + path, { headers })

test('the loader may be embedded anywhere, is cached shortly and asked for by its tag', async () => {
  const first = await get('/widget.js')
  expect(await first.text()).toBe('the loader')
  expect(first.headers.get('content-type')).toMatch(/^text\/javascript/)
  expect(first.headers.get('cross-origin-resource-policy')).toBe('cross-origin')
  expect(first.headers.get('cache-control')).toContain('max-age=300')
  expect(first.headers.get('content-encoding')).toBe('gzip')
  const again = await get('/widget.js', { 'if-none-match': first.headers.get('etag') ?? '' })
  expect(again.status).toBe(304)
})

test('the panel never changes under its name; a name of a former release gets the present one for a moment', async () => {
  const panel = await get('/widget/v1/panel-a_B-9.js')
  expect(await panel.text()).toBe('the panel')
  expect(panel.headers.get('cache-control')).toContain('immutable')
  expect(panel.headers.get('access-control-allow-origin')).toBe('*')
  const former = await get('/widget/v1/panel-former.js')
  expect(await former.text()).toBe('the panel')
  expect(former.headers.get('cache-control')).toBe('public, max-age=60')
})

test.each([
  '/widget/v1/secret.txt',
  '/widget/v1/panel-..%2fsecret.txt',
  '/widget/secret.txt',
  '/widget/v1/panel-x.js.map',
])('nothing else is served: %s', async (path) => {
  expect((await get(path)).status).toBe(404)
})

test('the demo page carries the script of the first website inbox, or says that there is none', async () => {
  const empty = await (await get('/demo')).text()
  expect(empty).not.toContain('<script')
  expect(empty).toContain('no website inbox yet')
  const inboxId = await app.inbox()
  const page = await get('/demo?accent=%23663399&locale=zh&theme=%22%3E%3Cscript%3E')
  const html = await page.text()
  expect(html).toContain(
    `<script src="/widget.js" data-inbox="${inboxId}" data-locale="zh" data-accent="#663399" async></script>`,
  )
  expect(html).not.toContain('data-theme')
  expect(page.headers.get('content-security-policy')).not.toContain('unsafe')
})
