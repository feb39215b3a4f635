import { execFileSync } from 'node:child_process'
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFiles, type Files } from '../../src/files/files.ts'
import { readArticleFolder } from '../../src/help/article-folder.ts'
import { exportArticles } from '../../src/help/export-articles.ts'
import { type Done, importArticles, importer } from '../../src/help/import-articles.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

interface Place {
  readonly base: TestDatabase
  readonly files: Files
}
const places: Place[] = []
const folders: string[] = []
async function place(): Promise<Place> {
  const base = await testDatabase()
  const folder = mkdtempSync(join(tmpdir(), 'tributary-articles-'))
  folders.push(folder)
  const made = { base, files: await createFiles(base.db, folder) }
  places.push(made)
  return made
}
let shared: Place
beforeAll(async () => {
  shared = await place()
})
afterAll(async () => {
  for (const { base } of places) await base.close()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

type Tree = Readonly<Record<string, string | Buffer>>

async function write(tree: Tree, root = temporaryFolder()): Promise<string> {
  for (const [path, content] of Object.entries(tree)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), content)
  }
  return root
}

async function take({ base, files }: Place, root: string, dryRun = false) {
  const taker = { files, q: base.db.pool, owner: importer, taken: new Map<string, string>() }
  const wish = { folder: await readArticleFolder(root), asDrafts: false, dryRun, files: taker }
  const { texts, faults } = await importArticles(base.db, wish)
  const count = (wanted: Done) => texts.filter(({ done }) => done === wanted).length
  return { added: count('added'), changed: count('changed'), unchanged: count('unchanged'), faults }
}

async function give({ base, files }: Place): Promise<Record<string, string>> {
  const root = temporaryFolder()
  for await (const one of exportArticles(base.db.pool)) {
    const path = join(root, one.path)
    await mkdir(dirname(path), { recursive: true })
    if ('text' in one) await writeFile(path, one.text)
    else await pipeline(files.read(one.file), createWriteStream(path))
  }
  const names = (await readdir(root, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
  const read = names.map(async (entry) => {
    const path = join(entry.parentPath, entry.name)
    return [path.slice(root.length + 1), await readFile(path, 'utf8')] as const
  })
  return Object.fromEntries((await Promise.all(read)).sort(([a], [b]) => (a < b ? -1 : 1)))
}

async function empty({ base: { db } }: Place): Promise<void> {
  await db.pool.query('delete from article')
  await db.pool.query('delete from article_category')
}
const titles = async (at: Place) =>
  (await at.base.db.pool.query('select title from article_text order by title')).rows.map((row) => row.title)

const article = (title: string, body = 'Text.') => `---\ntitle: ${title}\n---\n\n${body}\n`

describe('a folder of articles', () => {
  it('comes out again as it went in, pictures, captions, phrasings and drafts included', async () => {
    const at = await place()
    const tree = {
      'en/fees/_category.md': '---\nname: Fees\ndescription: What it costs\nposition: 2\n---\n',
      'en/fees/maker.md':
        '---\ntitle: "Maker: 0.1 %"\nsummary: What makers pay\nposition: 3\nphrasings:\n  - how much do I pay\n  - "404"\nkeywords:\n  - cost\n---\n\n# One\n\n![Chart](../../files/4c8a5c2ea4d9-a%20chart.png)\n',
      'en/fees/taker.md': '---\ntitle: Taker\ndraft: true\n---\n',
      'zh/fees/_category.md': '---\nname: 费用\n---\n',
      'zh/fees/maker.md': '---\ntitle: 挂单费用\nposition: 3\n---\n\n正文\n',
      'files/4c8a5c2ea4d9-a chart.png': 'not really a picture',
    }
    expect(await take(at, await write(tree))).toEqual({ added: 3, changed: 0, unchanged: 0, faults: [] })
    const once = await give(at)
    const renamed = Object.keys(once).find((path) => path.startsWith('files/')) ?? ''
    const wanted = Object.entries(tree).map(([path, text]) => [
      path.replace(/^files\/.*/, renamed),
      text.replace('4c8a5c2ea4d9-', renamed.replace('files/', '').slice(0, 13)),
    ])
    const withPositions = Object.fromEntries(wanted.sort(([a = ''], [b = '']) => (a < b ? -1 : 1)))
    expect({ ...once, 'zh/fees/_category.md': '' }).toEqual({ ...withPositions, 'zh/fees/_category.md': '' })
    const drafts = await at.base.db.pool.query('select title from article_text where published_version is null')
    expect(drafts.rows).toEqual([{ title: 'Taker' }])
    expect(await take(at, await write(once))).toEqual({ added: 0, changed: 0, unchanged: 3, faults: [] })
    expect(await give(at)).toEqual(once)
  })

  it('whatever it holds', async () => {
    const words = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
      .filter((text) => /\S/.test(text) && !/[\0\ud800-\udfff]/.test(text))
    const line = words.map((text) => text.replace(/\s+/g, ' ').trim()).filter((text) => text !== '')
    const text = fc.record({
      title: fc.oneof(
        line,
        fc.constantFrom('404', 'true', '- x', 'a: b', '"', "'", '#', '&a', '*a', '---', 'null', '!!js x', '{', '>'),
      ),
      summary: fc.oneof(fc.constant(''), line),
      body: fc.oneof(words, fc.constantFrom('---', '---\ntitle: x\n---', '', '  code', '\n\n\nx')),
      phrasings: fc.uniqueArray(line, { maxLength: 3 }),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom('en', 'zh', 'zh-TW'), text), { minLength: 1, maxLength: 3 }),
        async (texts) => {
          await empty(shared)
          const { written } = await import('../../src/help/front-matter.ts')
          const tree: Record<string, string> = {}
          for (const [n, [locale, { body, ...head }]] of texts.entries())
            tree[`${locale}/c/a-${n}.md`] = await written(head, body)
          expect((await take(shared, await write(tree))).faults).toEqual([])
          const once = await give(shared)
          expect(await titles(shared)).toHaveLength(texts.length)
          const stored = (
            await shared.base.db.pool.query(
              'select t.title from article_text t join article a on a.id = t.article_id order by a.slug',
            )
          ).rows
          expect(stored.map((row) => row.title)).toEqual(texts.map(([, { title }]) => title))
          await empty(shared)
          await take(shared, await write(once))
          expect(await give(shared)).toEqual(once)
        },
      ),
      { numRuns: 8 },
    )
  }, 60_000)

  it('that changed in one language leaves the others marked as behind it', async () => {
    const at = await place()
    const tree = { 'en/c/a.md': article('One'), 'zh/c/a.md': article('一'), 'ja/c/a.md': article('イチ') }
    await take(at, await write(tree))
    const behind = async () =>
      (
        await at.base.db.pool.query('select locale from article_text where outdated_at is not null order by 1')
      ).rows.map((row) => row.locale)
    expect(await behind()).toEqual([])
    const next = { ...tree, 'en/c/a.md': article('One', 'New.'), 'zh/c/a.md': article('一', '新') }
    expect(await take(at, await write(next))).toMatchObject({ changed: 2, unchanged: 1 })
    expect(await behind()).toEqual(['ja'])
    await take(at, await write({ ...next, 'ja/c/a.md': article('イチ', '新しい') }))
    expect(await behind()).toEqual([])
  })
})

describe('what is left out, with a reason, while the rest goes in', () => {
  const bomb = `---\na: &a [x, x, x, x, x, x, x, x, x]\n${['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']
    .map((name, n) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[n]}`).join(', ')}]`)
    .join('\n')}\ntitle: x\n---\n`
  const wrong: [string, string, RegExp | null][] = [
    ['a bomb of references', bomb, /refers to itself/],
    ['one that refers to itself', '---\ntitle: &x\n  - *x\n---\n', /title|refers/],
    ['code in a tag', '---\ntitle: !!js/function "function(){}"\n---\n', null],
    ['no front matter', '# Title\n', /does not begin/],
    ['front matter that never ends', `---\ntitle: x\n${'y: z\n'.repeat(10)}`, /does not begin/],
    ['front matter of a megabyte', `---\ntitle: x\n# ${'x'.repeat(100_000)}\n---\n`, /longer than/],
    ['no title', '---\nsummary: x\n---\n', /title/],
    ['a list for a title', '---\ntitle: [a]\n---\n', /title/],
    ['a map for phrasings', '---\ntitle: x\nphrasings: {a: b}\n---\n', /phrasings/],
    ['broken YAML', '---\ntitle: "x\n---\n', /cannot be read/],
    ['the same key twice', '---\ntitle: x\ntitle: y\n---\n', /cannot be read/],
    ['a body without an end', `---\ntitle: x\n---\n${'x'.repeat(100_001)}`, /longer than/],
    ['a file that is too large', `---\ntitle: x\n---\n${'x'.repeat(600_000)}`, /larger than/],
    ['a NUL', '---\ntitle: x\n---\n\0', /no text/],
    ['a negative position', '---\ntitle: x\nposition: -1\n---\n', /position/],
    ['somebody else’s file', '---\ntitle: x\n---\n![x](/help/files/1/x.png)', /does not belong/],
  ]
  it.each(wrong)('%s', async (_, source, why) => {
    await empty(shared)
    const started = performance.now()
    const done = await take(shared, await write({ 'en/c/bad.md': source, 'en/c/good.md': article('Good') }))
    expect(performance.now() - started).toBeLessThan(5_000)
    if (why === null) return expect(await titles(shared)).toContain('Good')
    expect(done.faults).toEqual([expect.stringMatching(why)])
    expect(done.faults[0]).toMatch(/^en\/c\/bad\.md: /)
    expect(await titles(shared)).toEqual(['Good'])
  })

  it('not UTF-8, links, pipes, and names that are no address', async () => {
    await empty(shared)
    const root = await write({
      'en/c/latin.md': Buffer.concat([Buffer.from(article('x')), Buffer.from([0xe9, 0xff])]),
      'en/c/Upper Case.md': article('Upper'),
      'en/c/search.md': article('Kept'),
      'en/Bad Name/a.md': article('Folder'),
      'not-a-language-at-all/c/a.md': article('Language'),
      'en/c/good.md': article(
        'Good',
        '![x](../../files/..%2f..%2fsecret) ![x](../../files/link.png) ![x](../../files/none.png)',
      ),
      'outside/secret.md': article('Secret'),
      'files/real.png': 'x',
    })
    await symlink(join(root, 'outside/secret.md'), join(root, 'en/c/linked.md'))
    await symlink(join(root, 'outside'), join(root, 'en/linked'))
    await symlink('/etc/passwd', join(root, 'files/link.png'))
    execFileSync('mkfifo', [join(root, 'en/c/pipe.md')])
    const { faults } = await take(shared, root)
    expect(await titles(shared)).toEqual(['Good'])
    for (const path of [
      'en/c/latin.md',
      'en/c/Upper Case.md',
      'en/c/search.md',
      'en/Bad Name',
      'not-a-language-at-all',
      'en/c/linked.md',
      'en/linked',
      'files/link.png',
    ])
      expect(faults).toContainEqual(expect.stringContaining(path))
    expect((await shared.base.db.pool.query('select count(*)::int as n from file')).rows[0].n).toBe(0)
  })
})

describe('looking first', () => {
  it('says of each text what would become of it, and changes nothing', async () => {
    const at = await place()
    await take(at, await write({ 'en/c/a.md': article('A'), 'en/c/b.md': article('B') }))
    const before = await give(at)
    const next = await write({
      'en/c/a.md': article('A', 'New, with ![x](../../files/x.png)'),
      'en/c/b.md': article('B'),
      'en/new/n.md': article('N'),
      'en/c/c.md': article('Like the category'),
      'en/c/bad.md': 'x',
      'files/x.png': 'x',
    })
    const told = await take(at, next, true)
    expect(told).toMatchObject({ added: 1, changed: 1, unchanged: 1 })
    expect(told.faults).toHaveLength(2)
    expect(await give(at)).toEqual(before)
    expect(await take(at, next)).toEqual(told)
  })
})
