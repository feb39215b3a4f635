import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { type HelpGround, helpGround } from '../support/help-centre.ts'
import { type HttpServer, httpServer, type Loose, type Person, signedIn } from '../support/http-server.ts'

let base: TestDatabase
let server: HttpServer
let lead: Person
let help: HelpGround
beforeAll(async () => {
  base = await testDatabase()
  server = await httpServer(base.db)
  lead = await signedIn(server, { role: 'admin' })
  help = await helpGround(server, lead)
})
afterAll(async () => {
  await server?.close()
  await base?.close()
})

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
/** Enough of an MP4 to be one. */
const mp4 = Buffer.concat([Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0mp42isom', 'latin1'), Buffer.alloc(1_000, 7)])

describe('a file', () => {
  it('is given to everybody exactly while a published text names it', async () => {
    const file = await help.upload(png, 'a.png')
    const bytes = async () => (await help.page(file.address)).status
    const id = await help.article('with-picture', { en: { body: 'nothing yet' } })
    expect(await bytes()).toBe(404)
    await help.save(id, 'en', { body: `![A chart](${file.address})` })
    expect(await bytes()).toBe(404)
    await help.publish(id, 'en')
    expect(await bytes()).toBe(200)
    expect((await help.page('/help/en/with-picture')).text).toContain(
      `<figure><img src="${file.address}" alt="A chart" loading="lazy" decoding="async"></figure>`,
    )
    await lead.call(`PATCH /articles/${id}`, { archived: true })
    expect(await bytes()).toBe(404)
    await lead.call(`PATCH /articles/${id}`, { archived: false })
    await help.save(id, 'en', { body: 'no picture' })
    expect(await bytes()).toBe(200)
    await help.publish(id, 'en')
    expect(await bytes()).toBe(404)
    // An old version may come back, so its picture stays.
    await base.db.pool.query(`update file set created_at = now() - interval '3 days'`)
    await server.deps.files.purge(86_400_000)
    await lead.call(`POST /articles/${id}/texts/en/versions/2/restore`)
    await help.publish(id, 'en')
    expect(await bytes()).toBe(200)
    await lead.call(`DELETE /articles/${id}`)
    expect(await bytes()).toBe(404)
    expect(await server.deps.files.purge(86_400_000)).toBe(1)
  })

  it('of somebody else cannot be made public by naming it', async () => {
    const agent = await signedIn(server)
    const form = new FormData()
    form.append('file', new Blob(['the passport of a customer']), 'passport.txt')
    const { id: fileId } = (await agent.call('POST /files', form)).body
    const id = await help.article('thief', { en: { body: 'x' } })
    const named = { title: 'x', body: `[see](/help/files/${fileId}/x)` }
    expect((await lead.call(`PUT /articles/${id}/texts/en`, named)).status).toBe(400)
    // Written so that nobody sees an address in it, it is a link to nothing.
    await help.save(id, 'en', { body: `![see](/help/fil&#101;s/${fileId}/x) ![see](/help/\\files/${fileId}/x)` })
    await help.publish(id, 'en')
    expect((await help.page('/help/en/thief')).text).not.toContain('src="/help/files')
    expect((await help.page(`/help/files/${fileId}/x`)).status).toBe(404)
    expect(
      (await lead.call('PUT /help-settings', { ...(await lead.call('GET /help-settings')).body, logoId: fileId }))
        .status,
    ).toBe(400)
  })

  it('that is a video has a player with captions, and can be asked for in parts', async () => {
    const video = await help.upload(mp4, 'tour.mp4')
    const captions = await help.upload('WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n', 'tour.vtt')
    await help.article('tour', { en: { body: `![Tour](${video.address} "${captions.address}")` } })
    expect((await help.page('/help/en/tour')).text).toContain(
      `<video controls preload="metadata" playsinline src="${video.address}" aria-label="Tour"><track kind="captions" src="${captions.address}" label="English" default></video>`,
    )
    expect((await help.page(captions.address)).headers.get('content-type')).toBe('text/vtt; charset=utf-8')
    const parts: [string, number, string | null, number][] = [
      ['bytes=0-9', 206, `bytes 0-9/${mp4.length}`, 10],
      ['bytes=1000-', 206, `bytes 1000-${mp4.length - 1}/${mp4.length}`, mp4.length - 1000],
      ['bytes=-5', 206, `bytes ${mp4.length - 5}-${mp4.length - 1}/${mp4.length}`, 5],
      ['bytes=5-99999999', 206, `bytes 5-${mp4.length - 1}/${mp4.length}`, mp4.length - 5],
      ['bytes=99999-', 416, `bytes */${mp4.length}`, 0],
      ['bytes=9-2', 200, null, mp4.length],
      ['bytes=0-1,4-5', 200, null, mp4.length],
      ['nonsense', 200, null, mp4.length],
    ]
    for (const [range, status, said, length] of parts) {
      const response = await fetch(`${server.url}${video.address}`, { headers: { range } })
      const bytes = Buffer.from(await response.arrayBuffer())
      expect([range, response.status, response.headers.get('content-range'), bytes.length]).toEqual([
        range,
        status,
        said,
        length,
      ])
      if (status === 206) {
        const [, from] = /bytes (\d+)/.exec(said ?? '') ?? []
        expect(bytes.equals(mp4.subarray(Number(from), Number(from) + length))).toBe(true)
      }
    }
    const { headers } = await help.page(video.address)
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect((await help.page(video.address, { 'if-none-match': headers.get('etag') ?? '' })).status).toBe(304)
  })

  it('that a browser could run is only ever downloaded', async () => {
    const evil = await help.upload('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', 'evil.svg')
    await help.article('evil-file', { en: { body: `![x](${evil.address}) [x](${evil.address})` } })
    const { headers } = await help.page(evil.address)
    expect(headers.get('content-disposition')).toMatch(/^attachment/)
    expect(headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox")
  })
})

describe('a page', () => {
  it('never runs, loads or leaks what a writer put into it', async () => {
    const picture = await help.upload(png, 'p.png')
    const corpus = [
      `![a" onerror="alert(1)](${picture.address} "x' onload='alert(1)")`,
      '<script>alert(1)</script>',
      '<img src=x onerror=alert(1)>',
      '<svg/onload=alert(1)>',
      '[a](javascript:alert(1))',
      '[a](JaVaScRiPt:alert(1))',
      '[a](java\tscript:alert(1))',
      '[a](&#106;avascript:alert(1))',
      '[a](data:text/html,<script>alert(1)</script>)',
      '[a](vbscript:x)',
      '![a](javascript:alert(1))',
      '![a](https://tracker.example/p.png)',
      '[a]: javascript:alert(1)\n\n[a] ![a]',
      '<a href="javascript:alert(1)">x</a>',
      '# <b>h</b> "onclick="x',
      '`<script>`\n\n```html\n</code></pre><script>alert(1)</script>\n```',
      '[x](/help/en/a" onclick="alert(1))',
      '[x](#" onclick="alert(1))',
      '[x](//evil.example/a.md)',
      '<!-- --><iframe src="//evil.example"></iframe>',
      '[a](</help/../../api/v1/session>)',
    ]
    const title = '"><script>alert(1)</script>'
    await help.article('hostile', { en: { title, summary: title, body: corpus.join('\n\n') } })
    for (const path of [
      '/help/en/hostile',
      '/help/en/basics',
      '/help/en',
      `/help/en/search?q=${encodeURIComponent(title)}`,
    ]) {
      const { text } = await help.page(path)
      const tags = [...text.matchAll(/<[a-z][^<>]*>/gi)].map(([tag]) => tag)
      const wrong = tags.filter(
        (tag) =>
          /\son\w+\s*=/i.test(tag.replace(/"[^"]*"/g, '""')) ||
          /(?:href|src)="\s*(?:javascript|data|vbscript|\/\/)/i.test(tag) ||
          (/^<(?:script|link|img|iframe|svg|object|embed|video)\b/i.test(tag) &&
            !/(?:src|href)="(?:\/help\/|\/favicon\.svg"|http:\/\/inbox\.example\/help)/.test(tag)),
      )
      expect([path, wrong]).toEqual([path, []])
      expect(text.match(/<script/g)).toHaveLength(1)
    }
  })

  it('of any kind carries the same policy, and sets no cookie', async () => {
    await help.article('quiet', { en: { title: 'Quiet', body: 'x' } })
    const paths = [
      '/help/en',
      '/help/en/basics',
      '/help/en/quiet',
      '/help/en/search?q=a',
      '/help/en/none',
      '/help/xx/yy/zz',
      '/help/de',
    ]
    for (const path of paths) {
      const { headers } = await help.page(path)
      expect([path, headers.get('content-type')]).toEqual([path, 'text/html; charset=utf-8'])
      const policy = headers.get('content-security-policy') ?? ''
      expect([path, policy]).toEqual([
        path,
        expect.stringContaining("default-src 'none'; style-src 'self'; script-src 'self'"),
      ])
      expect(policy).not.toContain('unsafe')
      expect([path, headers.get('set-cookie')]).toEqual([path, null])
    }
  })

  it('has a table of contents from three headings on, and anchors that are there', async () => {
    const body = '# Deposit\n\n## 入金 & "more"\n\n### Deposit\n\n#### Deep\n\ntext'
    await help.article('contents', { en: { body } })
    await help.article('no-contents', { en: { body: '## One\n\n## Two' } })
    const { text } = await help.page('/help/en/contents')
    const links = [...text.matchAll(/href="#([^"]*)"/g)].map(([, id]) => decodeURIComponent(id ?? ''))
    expect(links).toEqual(['content', 'deposit', '入金-more', 'deposit-2'])
    for (const id of links) expect(text).toContain(`id="${id}"`)
    expect((await help.page('/help/en/no-contents')).text).not.toContain('class="toc"')
  })

  it('can be found: description, canonical, languages, sitemap, robots', async () => {
    await help.article('found', { en: { title: 'Found', summary: 'A "fine" page', body: 'x' }, zh: { title: '找到' } })
    const { text } = await help.page('/help/zh/found')
    expect(text).toContain('<html lang="zh"')
    expect((await help.page('/help/en/found')).text).toContain(
      '<meta name="description" content="A &#34;fine&#34; page">',
    )
    for (const locale of ['en', 'zh'])
      expect(text).toContain(`hreflang="${locale}" href="http://inbox.example/help/${locale}/found"`)
    expect(text).toContain('hreflang="x-default" href="http://inbox.example/help/en/found"')
    const sitemap = await help.page('/help/sitemap.xml')
    expect(sitemap.headers.get('content-type')).toBe('application/xml; charset=utf-8')
    expect(sitemap.text).toContain('<loc>http://inbox.example/help/zh/found</loc>')
    expect((await help.page('/robots.txt')).text).toContain('Sitemap: http://inbox.example/help/sitemap.xml')
    expect((await help.page('/help/en/search?q=x')).text).toContain('<meta name="robots" content="noindex">')
  })

  it('looks as it was set, and never otherwise', async () => {
    const usual = (await lead.call('GET /help-settings')).body
    const look = { ...usual, name: 'Northstar <Help>', accent: '#ffee00', variables: { radius: '2px' } }
    expect((await lead.call('PUT /help-settings', look)).status).toBe(200)
    const { text } = await help.page('/help/en')
    expect(text).toContain('<h1>Northstar &#60;Help&#62;</h1>')
    const [theme = ''] = /\/help\/assets\/theme-[\w-]+\.css/.exec(text) ?? []
    const css = await help.page(theme)
    expect(css.headers.get('cache-control')).toContain('immutable')
    expect(css.text).toContain('--radius:2px')
    // Yellow cannot be read on white.
    expect(css.text).not.toContain('--accent:#ffee00;--on-accent:#ffffff')
    for (const radius of ['1px;color:red', '1px}body{', 'url(//evil.example)', 'var(--x)', '\\75rl(x)', '</style>'])
      expect([radius, (await lead.call('PUT /help-settings', { ...usual, variables: { radius } })).status]).toEqual([
        radius,
        400,
      ])
    expect((await lead.call('PUT /help-settings', { ...usual, homeUrl: 'javascript:alert(1)' })).status).toBe(400)
    expect((await lead.call('PUT /help-settings', { ...usual, variables: { other: 'x' } })).status).toBe(400)
    await lead.call('PUT /help-settings', usual)
  })
})

describe('the settings of the help centre', () => {
  it('say what it is called in each language; others and their regions have the usual name', async () => {
    const usual = (await lead.call('GET /help-settings')).body
    await lead.call('PUT /help-settings', { ...usual, name: 'Northstar', names: { zh: '北星帮助' } })
    const titleOf = async (locale: string) => /<h1>(.*?)<\/h1>/.exec((await help.page(`/help/${locale}`)).text)?.[1]
    expect([await titleOf('en'), await titleOf('zh'), await titleOf('zh-TW')]).toEqual([
      'Northstar',
      '北星帮助',
      '北星帮助',
    ])
    await lead.call('PUT /help-settings', usual)
  })

  it('show beforehand how it would look, with what cannot be read, and keep nothing', async () => {
    const before = (await lead.call('GET /help-settings')).body
    const wish = {
      accent: '#ffee00',
      variables: { text: '#cccccc', radius: '2px' },
      darkVariables: { page: '#222222' },
    }
    const { body } = await lead.call('POST /help-settings/look', wish)
    const poor = (theme: 'light' | 'dark') =>
      body[theme].contrasts.flatMap((one: Loose) => (one.ratio < 4.5 ? [`${one.of} on ${one.on}`] : []))
    expect([poor('light'), poor('dark')]).toEqual([['text on page', 'text on card'], []])
    expect(body.dark.values).toMatchObject({ page: '#222222', radius: '2px', accent: '#ffee00' })
    expect((await lead.call('POST /help-settings/look', { ...wish, variables: { page: 'url(x)' } })).status).toBe(400)
    expect((await lead.call('GET /help-settings')).body).toEqual(before)
  })
})

describe('"was this helpful"', () => {
  const say = (path: string, helpful: string, headers: Record<string, string> = {}) =>
    fetch(`${server.url}${path}/feedback`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: `helpful=${helpful}`,
    })

  it('is counted once for each visitor, who gets a cookie only by answering', async () => {
    const id = await help.article('asked', { en: { body: 'x' } })
    const counts = async () => (await lead.call(`GET /articles/${id}`)).body.texts[0].feedback
    const first = await say('/help/en/asked', 'yes')
    expect([first.status, first.headers.get('location')]).toEqual([303, '/help/en/asked?said=yes#helpful'])
    const cookie = first.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/^tributary_help=[\w-]{22}; .*HttpOnly; SameSite=Lax/)
    await say('/help/en/asked', 'no', { cookie: cookie.split(';')[0] ?? '' })
    expect(await counts()).toEqual({ helpful: 0, unhelpful: 1 })
    await say('/help/en/asked', 'yes')
    expect(await counts()).toEqual({ helpful: 1, unhelpful: 1 })
    expect((await help.page('/help/en/asked?said=no')).text).toContain('Thank you. We will work on it.')
  })

  it('is not counted from another website, for nothing, or for what nobody asked', async () => {
    await help.article('asked-too', { en: { body: 'x' } })
    expect((await say('/help/en/asked-too', 'yes', { origin: 'https://evil.example' })).status).toBe(403)
    expect((await say('/help/en/asked-too', 'perhaps')).status).toBe(404)
    expect((await say('/help/en/none', 'yes')).status).toBe(404)
  })
})
