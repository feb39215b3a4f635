import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { type VisitorApp, visitorApp } from '../support/visitor-app.ts'

let test: TestDatabase
let app: VisitorApp
/** What /metrics exports, with the names under which a histogram is asked for. */
let exported: Set<string>

beforeAll(async () => {
  test = await testDatabase()
  app = await visitorApp(test)
  const text = await (await fetch(`${app.url}/metrics`)).text()
  exported = new Set(
    [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].flatMap(([, name = '', type]) =>
      type === 'histogram' ? ['bucket', 'sum', 'count'].map((part) => `${name}_${part}`) : [name],
    ),
  )
})
afterAll(async () => {
  await app?.close()
  await test?.close()
})

const read = (path: string) => readFileSync(path, 'utf8')
const named = (text: string) => [...text.matchAll(/\b(?:tributary|process|nodejs)_\w+/g)].map(([name]) => name)
const ours = () => [...exported].filter((name) => name.startsWith('tributary_'))

interface Panel {
  readonly id: number
  readonly title: string
  readonly targets?: readonly { readonly expr: string }[]
}

it('the dashboard asks for nothing that is not exported, and shows everything of ours that is', () => {
  const { panels } = JSON.parse(read('docs/grafana/tributary.json')) as { panels: Panel[] }
  const asked = new Set(panels.flatMap(({ targets = [] }) => targets.flatMap(({ expr }) => named(expr))))
  expect(asked.size).toBeGreaterThan(20)
  expect([...asked].filter((name) => !exported.has(name))).toEqual([])
  // Of a histogram the sum alone says nothing that its buckets and count do not.
  expect(ours().filter((name) => !asked.has(name) && !name.endsWith('_sum') && !name.endsWith('_count'))).toEqual([])
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
})

it('labels that the dashboard picks by are those of the metrics', async () => {
  const { panels } = JSON.parse(read('docs/grafana/tributary.json')) as { panels: Panel[] }
  const text = await (await fetch(`${app.url}/metrics`)).text()
  for (const state of ['uncertain', 'pending']) expect(text).toContain(`tributary_deliveries_waiting{state="${state}"}`)
  expect(text).toMatch(/tributary_http_request_seconds_bucket\{.*method="GET",route="\/metrics",status="200"/)
  const picked = panels.flatMap(({ targets = [] }) =>
    targets.flatMap(({ expr }) => [...expr.matchAll(/(\w+)[=!]~?"/g)]),
  )
  expect([...new Set(picked.map(([, label]) => label))].sort()).toEqual(['job', 'route', 'state', 'status'])
})

it('docs/operations.md says of no metric what is not exported', () => {
  const told = named(read('docs/operations.md')).map((name) => (exported.has(`${name}_count`) ? `${name}_count` : name))
  expect(told.length).toBeGreaterThan(5)
  expect(told.filter((name) => !exported.has(name))).toEqual([])
})
