import { monitorEventLoopDelay } from 'node:perf_hooks'
import { describe, expect, it } from 'vitest'
import { type LetterPageLinks, letterPage } from '../../src/http/letter-page.ts'

const links: LetterPageLinks = {
  fileUrl: (id: string) => `/file/${id}`,
  pictureUrl: (address: string) => `/picture?${address}`,
}
const bodyOf = async (html: string, more: Partial<LetterPageLinks> = {}) =>
  /<body>(.*)<\/body>/s.exec(await letterPage({ html, pictures: [] }, { ...links, ...more }))?.[1]

describe('the page of a letter', () => {
  it('says where a link leads, whatever it calls itself', async () => {
    expect(await bodyOf('<a title="good.example" href="https://bad.example/?a&amp;b=&quot;" rel="opener">x</a>')).toBe(
      '<a href="https://bad.example/?a&amp;b=&quot;" title="https://bad.example/?a&amp;b=&quot;" target="_blank" rel="noopener noreferrer">x</a>',
    )
    expect(await bodyOf('<abbr title="x">y</abbr><a name="z">w</a>')).toBe('<abbr title="x">y</abbr><a name="z">w</a>')
  })

  it('takes a picture only from the web, and nothing that could end the attribute it stands in', async () => {
    expect(await bodyOf('<img data-remote="https://x.example/&quot;&gt;&lt;script&gt;" alt="a" />')).toBe(
      '<img data-remote="https://x.example/&quot;&gt;&lt;script&gt;" alt="a" src="/picture?https://x.example/&quot;&gt;&lt;script&gt;" referrerpolicy="no-referrer" loading="lazy">',
    )
    for (const address of ['javascript:alert(1)', 'file:///etc/passwd', '//x.example/a.png', 'data:text/html,x'])
      expect(await bodyOf(`<img data-remote="${address}">`)).toBe(`<img data-remote="${address}">`)
    expect(await bodyOf('<img data-remote="https://x.example/a.png">', { pictureUrl: null })).not.toContain(' src=')
  })

  it('lets others have their turn while it writes two hundred thousand links', async () => {
    const html = '<a href="https://x.example/?a=1&amp;b=2">x</a><img data-remote="https://x.example/p.png">'.repeat(
      100_000,
    )
    const delay = monitorEventLoopDelay({ resolution: 5 })
    delay.enable()
    const begun = performance.now()
    await letterPage({ html, pictures: [] }, links)
    const whole = performance.now() - begun
    delay.disable()
    expect(delay.max / 1e6).toBeLessThan(Math.max(100, whole / 2))
  })
})
