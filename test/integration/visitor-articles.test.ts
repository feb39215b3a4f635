import { afterAll, beforeAll, expect, it } from 'vitest'
import { addArticle, publish, saveText } from '../../src/help/edit-article.ts'
import { createCategory } from '../../src/store/article-category.ts'
import { transaction } from '../../src/store/database.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import type { Loose } from '../support/http-server.ts'
import { type VisitorApp, visitorApp } from '../support/visitor-app.ts'

let base: TestDatabase
let app: VisitorApp
let inboxId: string
let categoryId: string
beforeAll(async () => {
  base = await testDatabase()
  app = await visitorApp(base)
  inboxId = await app.inbox({ origins: ['https://shop.example'] })
  categoryId = await createCategory(base.db.pool, 'basics', 0)
})
afterAll(async () => {
  await app?.close()
  await base?.close()
})

interface Wish {
  readonly title: string
  readonly body?: string
  readonly phrasings?: readonly string[]
  readonly draft?: true
}

function article(slug: string, locale: string, { title, body = '', phrasings = [], draft }: Wish): Promise<string> {
  return transaction(base.db, async (tx) => {
    const articleId = await addArticle(tx, { slug, categoryId, position: 0 })
    const text = { articleId, locale, title, summary: '', body, keywords: [], phrasings, by: 'test' }
    await saveText(tx, text, { owner: null })
    if (!draft) await publish(tx, { articleId, locale }, { minor: false, by: 'test' })
    return articleId
  })
}

async function ask(path: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${app.url}/widget/v1/${inboxId}/articles${path}`, { headers })
  return { status: response.status, headers: response.headers, body: (await response.json()) as Loose }
}
const titles = async (q: string, locale: string) =>
  (await ask(`?q=${encodeURIComponent(q)}&locale=${locale}`)).body.items.map((item: { title: string }) => item.title)

it('offers what may answer a message, in the language of the page, and nothing for what is said to people', async () => {
  await article('late', 'en', { title: 'My withdrawal is late', phrasings: ['I withdrew yesterday and nothing came'] })
  await article('late-zh', 'zh', { title: '提现没有到账', phrasings: ['昨天提的币还没到'] })
  for (const slug of ['one', 'two', 'three', 'four']) await article(slug, 'en', { title: `Trading fees ${slug}` })
  expect(await titles('Hello, I withdrew some coins yesterday but they did not come, can you help', 'en')).toEqual([
    'My withdrawal is late',
  ])
  expect(await titles('你好，我昨天提现了到现在没有到账', 'zh')).toEqual(['提现没有到账'])
  expect(await titles('trading fees', 'en')).toHaveLength(3)
  for (const talk of ['hello', 'thank you so much', 'ok', 'are you there?', '', 'are you a robot'])
    expect([talk, await titles(talk, 'en')]).toEqual([talk, []])
})

it('gives an article as blocks whose links lead somewhere from any website', async () => {
  const file = await app.upload('a.png', Buffer.from('x'))
  const body = `## Steps\n\nSee [fees](/help/en/fees), [x](javascript:alert(1)) and ![chart](/help/files/${file}/a.png).\n\n<b>raw</b>`
  const id = await article('read', 'en', { title: 'Read me', body })
  const { body: read } = await ask(`/${id}?locale=ko`)
  expect(read).toMatchObject({ title: 'Read me', locale: 'en', url: `${app.url}/help/ko/read` })
  const text = JSON.stringify(read.blocks)
  expect(text).toContain(`"url":"${app.url}/help/en/fees"`)
  expect(text).toContain(`"url":"${app.url}/help/files/${file}/a.png"`)
  expect(text).not.toContain('javascript:')
  expect(text).toContain('<b>raw</b>')
})

it('never gives a draft, and asks the website as every other address here does', async () => {
  const id = await article('secret', 'en', { title: 'Secret plan', body: 'x', draft: true })
  expect((await ask(`/${id}?locale=en`)).status).toBe(404)
  expect(await titles('secret plan', 'en')).toEqual([])
  expect((await ask('?q=fees&locale=en', { origin: 'https://evil.example' })).status).toBe(403)
  const good = await ask('?q=fees&locale=en', { origin: 'https://shop.example' })
  expect([good.status, good.headers.get('access-control-allow-origin')]).toEqual([200, 'https://shop.example'])
  for (const bad of ['', '?q=fees', '?q=fees&locale=xx-', '?q=fees&locale=en&x=1', `?q=${'a'.repeat(501)}&locale=en`])
    expect([bad, (await ask(bad)).status]).toEqual([bad, 400])
  expect(app.log.join('\n')).not.toContain('secret plan')
})
