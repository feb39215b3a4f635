import { spawn, spawnSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createToken } from '../../src/store/token.ts'
import { type ApiRoute, apiRoutes } from '../support/api-routes.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { callerOf } from '../support/http-server.ts'
import { type VisitorApp, visitorApp } from '../support/visitor-app.ts'

const page = new URL('../../docs/api.md', import.meta.url)
const hasCurl = spawnSync('curl', ['--version']).status === 0

let base: TestDatabase
let app: VisitorApp
let token: string
beforeAll(async () => {
  base = await testDatabase()
  app = await visitorApp(base)
  token = (await createToken(base.db.pool, { name: 'docs', scopes: ['read', 'write', 'admin'], agentId: null })).secret
})
afterAll(async () => {
  await app?.close()
  await base?.close()
})

interface Example {
  readonly script: string
  /** What its last command answers, in part. */
  readonly answer: unknown
}

function examplesIn(text: string): Example[] {
  const blocks = [...text.matchAll(/```bash\n(.*?)```(?:\n```json\n(.*?)```)?/gs)]
  return blocks.map(([, script = '', answer]) => ({ script, answer: answer && JSON.parse(answer) }))
}

const mark = (n: number) => `--- example ${n} ---`

/** One shell for all of them, as a reader would; the answer to the last command of each follows its mark. */
function run(examples: readonly Example[]): Promise<{ code: number | null; out: string; errors: string }> {
  const script = examples.map((example, n) => `echo; echo '${mark(n)}'\n${example.script}`).join('\n')
  const { PATH = '' } = process.env
  const shell = spawn('bash', ['-euo', 'pipefail'], { env: { PATH, URL: app.url, TOKEN: token } })
  const said = { out: '', errors: '' }
  shell.stdout.on('data', (data) => {
    said.out += data
  })
  shell.stderr.on('data', (data) => {
    said.errors += data
  })
  shell.stdin.end(script)
  return new Promise((resolve) => shell.on('close', (code) => resolve({ code, ...said })))
}

it.skipIf(!hasCurl)(
  'every example of the page runs as written and answers what the page says',
  async () => {
    const examples = examplesIn(await readFile(page, 'utf8'))
    expect(examples.length).toBeGreaterThan(12)
    const { code, out, errors } = await run(examples)
    expect([code, code === 0 ? '' : `${errors}\n${out.slice(-2_000)}`]).toEqual([0, ''])
    for (const [n, { answer }] of examples.entries()) {
      if (answer === undefined) continue
      const after = out.split(mark(n))[1]?.split('\n--- example')[0] ?? ''
      expect(lastJson(after)).toMatchObject(anyWhere(answer))
    }
  },
  60_000,
)

/** Answers stand one behind the other without a line break. */
function lastJson(text: string): object {
  for (let from = text.indexOf('{'); from >= 0; from = text.indexOf('{', from + 1)) {
    try {
      return JSON.parse(text.slice(from))
    } catch {}
  }
  throw new Error(`no JSON in ${text}`)
}

/** "…" on the page stands for any text. */
function anyWhere(value: unknown): never {
  const text = JSON.stringify(value)
  return JSON.parse(text, (_name, inner: unknown) => (inner === '…' ? expect.any(String) : inner)) as never
}

it('the page lists every address with its scope', async () => {
  const routes = await apiRoutes({ call: callerOf(app.url, {}) })
  const table = tableOf(routes)
  const text = await readFile(page, 'utf8')
  const updated = text.replace(/(<!-- routes: [^\n]*\n).*?(<!-- \/routes -->)/s, `$1${table}$2`)
  if (process.env['UPDATE_DOCS'] === '1') await writeFile(page, updated)
  else expect(text).toBe(updated)
})

function tableOf(routes: readonly ApiRoute[]): string {
  const lines = routes
    .map((route) => ({ ...route, shown: route.path.replace(/\{(\w+)\}/g, ':$1') }))
    .sort((a, b) => a.shown.localeCompare(b.shown) || a.method.localeCompare(b.method))
    .map(({ method, shown, scope, summary }) => `| \`${method} ${shown}\` | ${scope} | ${summary} |`)
  return ['| address | scope | |', '| --- | --- | --- |', ...lines, ''].join('\n')
}
