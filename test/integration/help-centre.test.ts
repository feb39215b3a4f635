import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { type HelpGround, helpGround } from '../support/help-centre.ts'
import { type HttpServer, httpServer, type Loose, type Person, signedIn } from '../support/http-server.ts'

let base: TestDatabase
let server: HttpServer
let lead: Person
let agent: Person
let help: HelpGround
beforeAll(async () => {
  base = await testDatabase()
  server = await httpServer(base.db)
  lead = await signedIn(server, { role: 'supervisor' })
  agent = await signedIn(server)
  help = await helpGround(server, lead)
})
afterAll(async () => {
  await server?.close()
  await base?.close()
})

const textIn = (article: Loose, locale: string) => article.texts.find((text: Loose) => text.locale === locale)

describe('an article', () => {
  it('is public word for word as it was published, whatever is written since', async () => {
    const id = await help.article('fees', { en: { title: 'Fees', body: 'Trading costs **0.1 %**.' } })
    await help.save(id, 'en', { title: 'Fees', body: 'Trading costs 5 %.' })
    const draft = (await agent.call(`GET /articles/${id}`)).body
    expect(textIn(draft, 'en')).toMatchObject({ state: 'published', changed: true, version: 1 })
    const before = await help.page('/help/en/fees')
    expect(before.status).toBe(200)
    expect(before.text).toContain('Trading costs <strong>0.1 %</strong>.')
    expect(before.text).not.toContain('5 %')
    await help.publish(id, 'en')
    expect((await help.page('/help/en/fees')).text).toContain('5 %')
  })

  it('keeps every version, and an old one can be written on from', async () => {
    const id = await help.article('limits', { en: { title: 'Limits', body: 'one' } })
    for (const body of ['two', 'three']) {
      await help.save(id, 'en', { title: 'Limits', body })
      await help.publish(id, 'en')
    }
    const versions = (await agent.call(`GET /articles/${id}/texts/en/versions`)).body.items
    expect(versions.map((one: Loose) => [one.number, one.body, one.current])).toEqual([
      [3, 'three', true],
      [2, 'two', false],
      [1, 'one', false],
    ])
    const restored = await lead.call(`POST /articles/${id}/texts/en/versions/1/restore`)
    expect(textIn(restored.body, 'en')).toMatchObject({ body: 'one', changed: true, version: 3 })
    expect((await help.page('/help/en/limits')).text).toContain('<p>three</p>')
    await help.publish(id, 'en')
    expect((await help.page('/help/en/limits')).text).toContain('<p>one</p>')
  })

  it('marks its other languages when it changes, but not for a minor edit, and not when it only catches up', async () => {
    const id = await help.article('deposit', { en: { body: 'a' }, zh: { body: '甲' }, ja: { body: 'い' } })
    const marks = async () => {
      const { texts } = (await agent.call(`GET /articles/${id}`)).body
      return texts.filter((text: Loose) => text.outdated).map((text: Loose) => text.locale)
    }
    expect(await marks()).toEqual([])
    await help.save(id, 'en', { body: 'a.' })
    await help.publish(id, 'en', { minor: true })
    expect(await marks()).toEqual([])
    await help.save(id, 'en', { body: 'b' })
    await help.publish(id, 'en')
    expect(await marks()).toEqual(['ja', 'zh'])
    await help.save(id, 'zh', { body: '乙' })
    await help.publish(id, 'zh')
    expect(await marks()).toEqual(['ja'])
    expect((await lead.call(`POST /articles/${id}/texts/ja/current`)).status).toBe(200)
    expect(await marks()).toEqual([])
  })

  it('is not saved over what somebody else saved meanwhile', async () => {
    const id = await help.article('staking', { en: { body: 'x' } })
    const { rev } = textIn((await lead.call(`GET /articles/${id}`)).body, 'en')
    const text = { title: 'Staking', body: 'mine', basedOn: rev }
    expect((await lead.call(`PUT /articles/${id}/texts/en`, text)).status).toBe(200)
    expect((await lead.call(`PUT /articles/${id}/texts/en`, { ...text, body: 'theirs' })).status).toBe(409)
    expect(textIn((await lead.call(`GET /articles/${id}`)).body, 'en').body).toBe('mine')
  })

  it('is read by every agent and written by supervisors and administrators', async () => {
    const id = await help.article('api-keys', { en: { body: 'x' } })
    expect((await agent.call('GET /articles')).status).toBe(200)
    const lines: [string, unknown][] = [
      ['POST /articles', { slug: 'mine', categoryId: help.categoryId, locale: 'en', title: 'Mine' }],
      [`PATCH /articles/${id}`, { archived: true }],
      [`DELETE /articles/${id}`, undefined],
      [`PUT /articles/${id}/texts/en`, { title: 'x', body: 'x' }],
      [`DELETE /articles/${id}/texts/en`, undefined],
      [`POST /articles/${id}/texts/en/publish`, {}],
      [`POST /articles/${id}/texts/en/unpublish`, undefined],
      [`POST /articles/${id}/texts/en/current`, undefined],
      [`POST /articles/${id}/texts/en/versions/1/restore`, undefined],
      ['POST /article-categories', { slug: 'c', texts: [{ locale: 'en', name: 'C' }] }],
      [`PATCH /article-categories/${help.categoryId}`, { position: 3 }],
      [`DELETE /article-categories/${help.categoryId}`, undefined],
      ['PUT /help-settings', (await agent.call('GET /help-settings')).body],
    ]
    for (const [line, body] of lines) expect([line, (await agent.call(line, body)).status]).toEqual([line, 403])
    expect((await lead.call(`DELETE /article-categories/${help.categoryId}`)).status).toBe(409)
  })

  it('has its address alone, before articles and categories alike', async () => {
    const made = (slug: string) =>
      lead.call('POST /articles', { slug, categoryId: help.categoryId, locale: 'en', title: 'x' })
    await help.article('unique-one', { en: {} })
    for (const slug of ['unique-one', 'basics']) expect([slug, (await made(slug)).status]).toEqual([slug, 409])
    for (const slug of ['search', 'Über', 'a--b', '../x', ''])
      expect([slug, (await made(slug)).status]).toEqual([slug, 400])
    const category = { slug: 'unique-one', texts: [{ locale: 'en', name: 'x' }] }
    expect((await lead.call('POST /article-categories', category)).status).toBe(409)
  })
})

describe('what is not published', () => {
  it('is on no page, in no search, and in no list', async () => {
    const secret = 'Kumquatsekret'
    const made = { slug: 'hidden-draft', categoryId: help.categoryId, locale: 'en', title: secret }
    const { id } = (await lead.call('POST /articles', made)).body
    await help.save(id, 'en', { title: secret, body: secret, phrasings: [secret] })
    const places = ['hidden-draft', 'basics', 'search?q=kumquat', 'search.json?q=kumquat']
    const seen = async () => {
      const found = await Promise.all(
        places.map(async (path) => (await help.page(`/help/en/${path}`)).text.includes(secret)),
      )
      const listed = (await help.page('/help/sitemap.xml')).text.includes('hidden-draft')
      const picked = (await agent.call('GET /articles/search?q=kumquat')).body.items.length > 0
      const shown = (await help.page('/help/en/hidden-draft')).status === 200
      return [...found, listed, picked, shown]
    }
    const [hidden, open] = [Array(7).fill(false), Array(7).fill(true)]
    expect(await seen()).toEqual(hidden)
    await help.publish(id, 'en')
    expect(await seen()).toEqual(open)
    await lead.call(`POST /articles/${id}/texts/en/unpublish`)
    expect(await seen()).toEqual(hidden)
    await help.publish(id, 'en')
    await lead.call(`PATCH /articles/${id}`, { archived: true })
    expect(await seen()).toEqual(hidden)
    await lead.call(`PATCH /articles/${id}`, { archived: false })
    expect(await seen()).toEqual(open)
    await lead.call('PUT /help-settings', { ...(await lead.call('GET /help-settings')).body, enabled: false })
    expect((await seen()).slice(0, 5)).toEqual(hidden.slice(0, 5))
    await lead.call('PUT /help-settings', { ...(await lead.call('GET /help-settings')).body, enabled: true })
    await lead.call(`DELETE /articles/${id}`)
    expect(await seen()).toEqual(hidden)
  })
})

describe('a language that is missing', () => {
  it.each([
    ['zh', 'zh', 'zh'],
    ['zh-TW', 'zh', 'zh'],
    ['ja', 'zh', 'zh'],
    ['ko', 'en', 'en'],
    ['en-GB', 'en', 'en'],
  ])('%s is stood in for by %s', async (asked, title, canonical) => {
    const id = await help.article(`fallback-${asked.toLowerCase()}`, { en: { title: 'In en' }, zh: { title: 'In zh' } })
    await lead.call('PUT /help-settings', {
      ...(await lead.call('GET /help-settings')).body,
      fallbacks: { ja: ['zh'] },
    })
    // There are pages in every language that has an article.
    await help.article(`only-${asked.toLowerCase()}`, { ko: { title: 'ko' }, ja: { title: 'ja' } })
    const page = await help.page(`/help/${asked}/fallback-${asked.toLowerCase()}`)
    expect([page.status, id !== '']).toEqual([200, true])
    expect(page.text).toContain(`<h1>In ${title}</h1>`)
    expect(page.text).toContain(`<link rel="canonical" href="http://inbox.example/help/${canonical}/fallback-`)
    expect(page.text.includes('class="note"')).toBe(asked !== title)
    expect(page.text).toContain('hreflang="zh" href="http://inbox.example/help/zh/fallback-')
  })

  it('and of which nothing is known is no page at all', async () => {
    for (const locale of ['xx-nonsense-too-long-to-be', 'EN', 'zh-cn', '..', '%00', 'de'])
      expect([locale, (await help.page(`/help/${locale}`)).status]).toEqual([locale, 404])
  })

  it('is chosen by the browser on the way in', async () => {
    const to = async (accept: string) =>
      (await help.page('/help', { 'accept-language': accept })).headers.get('location')
    expect(await to('zh-CN,zh;q=0.9,en;q=0.8')).toBe('/help/zh')
    expect(await to('de,fr;q=0.5')).toBe('/help/en')
    expect(await to('de;q=0.9, ja;q=0.95')).toBe('/help/ja')
    expect(await to('*;q=;;,,')).toBe('/help/en')
  })
})
