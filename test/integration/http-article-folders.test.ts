import { gunzipSync } from 'node:zlib'
import { extract } from 'tar-stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { type HttpServer, httpServer, type Person, signedIn } from '../support/http-server.ts'

let base: TestDatabase
let server: HttpServer
let lead: Person

beforeAll(async () => {
  base = await testDatabase()
  server = await httpServer(base.db)
  lead = await signedIn(server, { role: 'supervisor' })
})
afterAll(async () => {
  await server?.close()
  await base?.close()
})

const folder = {
  'en/fees/_category.md': '---\nname: Fees\n---\n',
  'en/fees/maker.md': '---\ntitle: Maker\n---\n\n![Chart](../../files/chart.png)\n',
  'zh/fees/maker.md': '---\ntitle: 挂单费用\n---\n\n正文\n',
  'files/chart.png': 'not really a picture',
}

function send(files: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>>, query = '', who = lead) {
  const form = new FormData()
  for (const [path, content] of Object.entries(files)) form.append('file', new Blob([content]), path)
  return who.call(`POST /articles/import${query}`, form)
}

async function archive(): Promise<Record<string, string>> {
  const answer = await fetch(`${server.url}/api/v1/articles/export`, { headers: { cookie: lead.cookie } })
  expect(answer.headers.get('content-disposition')).toContain('articles.tar.gz')
  const found: Record<string, string> = {}
  const tar = extract()
  tar.end(gunzipSync(Buffer.from(await answer.arrayBuffer())))
  for await (const entry of tar) {
    const parts: Buffer[] = []
    for await (const part of entry) parts.push(part as Buffer)
    found[entry.header.name] = Buffer.concat(parts).toString('utf8')
  }
  return found
}

describe('a folder over HTTP', () => {
  it('is looked at, taken in, and given out again as it is taken in', async () => {
    const looked = await send(folder, '?dryRun=true')
    expect([looked.status, looked.body.texts.map((one: { done: string }) => one.done), looked.body.faults]).toEqual([
      200,
      ['added', 'added'],
      [],
    ])
    expect((await lead.call('GET /articles')).body.items).toEqual([])
    expect((await send(folder)).body.texts).toEqual(looked.body.texts)
    const once = await archive()
    expect(Object.keys(once).sort()).toHaveLength(4)
    expect(once['zh/fees/maker.md']).toContain('挂单费用')
    expect(Object.entries(once).find(([path]) => path.startsWith('files/'))?.[1]).toBe('not really a picture')
    const again = await send(once)
    expect(again.body.texts.map((one: { done: string }) => one.done)).toEqual(['unchanged', 'unchanged'])
    expect(await archive()).toEqual(once)
  })

  it('as drafts is public to nobody', async () => {
    await send({ 'en/fees/secret.md': '---\ntitle: Secret\n---\n\nNot yet.\n' }, '?drafts=true')
    expect((await fetch(`${server.url}/help/en/secret`)).status).toBe(404)
  })

  it('leaves nothing outside of it, and says what it left out', async () => {
    const paths = [
      '../../../tmp/x.md',
      'en/../x.md',
      '/etc/c/x.md',
      'en/c/d/x.md',
      'README.md',
      'files/../x',
      'en/c/x.html',
    ]
    const answer = await send(Object.fromEntries(paths.map((path) => [path, '---\ntitle: X\n---\n'])))
    expect([answer.status, answer.body.texts]).toEqual([200, []])
    for (const path of paths) expect(answer.body.faults).toContainEqual(expect.stringContaining(`${path}: is neither`))
  })

  it('leaves out a file that is too large, and takes in the rest', async () => {
    const large = new Uint8Array(25 * 1024 * 1024 + 1)
    const answer = await send({ 'files/film.mp4': large, 'en/fees/small.md': '---\ntitle: Small\n---\n' })
    expect(answer.body.faults).toEqual([expect.stringMatching(/film\.mp4: is larger/)])
    expect(answer.body.texts).toHaveLength(1)
  })

  it('is for supervisors and administrators', async () => {
    const agent = await signedIn(server, { role: 'agent' })
    expect((await send(folder, '', agent)).status).toBe(403)
    expect((await lead.call('POST /articles/import', {})).status).toBe(415)
  })
})
