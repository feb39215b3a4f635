import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHtml } from '../../../src/channel/html.ts'
import { parseMarkdown } from '../../../src/channel/markdown.ts'
import { plainText } from '../../../src/channel/plain-text.ts'

const plain = (source: string) => plainText(parseMarkdown(source))
const html = (source: string) => toHtml(parseMarkdown(source))

describe('parseMarkdown', () => {
  it('understands what agents write', () => {
    expect(parseMarkdown('**Hi** *you*, `x`\n\n1. one\n2. two\n\n> said')).toEqual([
      {
        kind: 'paragraph',
        inline: [
          { kind: 'bold', inline: [{ kind: 'text', text: 'Hi' }] },
          { kind: 'text', text: ' ' },
          { kind: 'italic', inline: [{ kind: 'text', text: 'you' }] },
          { kind: 'text', text: ', ' },
          { kind: 'code', text: 'x' },
        ],
      },
      {
        kind: 'list',
        ordered: true,
        start: 1,
        items: ['one', 'two'].map((text) => [{ kind: 'paragraph', inline: [{ kind: 'text', text }] }]),
      },
      { kind: 'quote', blocks: [{ kind: 'paragraph', inline: [{ kind: 'text', text: 'said' }] }] },
    ])
  })

  it('keeps the line breaks a person typed', () => {
    expect(plain('one\ntwo\r\nthree')).toBe('one\ntwo\nthree')
    expect(html('one\ntwo')).toBe('<p>one<br>two</p>')
  })

  it('survives JSON, since it crosses to the browser', () => {
    const blocks = parseMarkdown('# A\n\n- b\n  - c\n\n```js\nd\n```\n\n***\n\n[e](https://e.example)')
    expect(JSON.parse(JSON.stringify(blocks))).toEqual(blocks)
  })

  it('loses no word, whatever the marks around it', () => {
    const words = fc.stringMatching(/^[a-z]{3,8}$/)
    const piece = fc.oneof(
      words.map((word) => `**${word}** `),
      words.map((word) => `<b>${word}</b> `),
      words.map((word) => `[${word}](https://x.example) `),
      words.map((word) => `[${word}]: https://x.example\n\n`),
      words.map((word) => `![${word}](javascript:1) `),
      words.map((word) => `\n\n- ${word}\n`),
      words.map((word) => `\n> ${word}\n`),
      words.map((word) => `\n\n    ${word}\n\n`),
      words.map((word) => `\n\`\`\`\n${word}\n\`\`\`\n`),
      words.map((word) => `\n# ${word}\n`),
      fc.constantFrom('*', '[', '](', '`', '\n', '<', '>', '!', '\\', '_', '&'),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const source = pieces.join('')
        const shown = JSON.stringify(parseMarkdown(source))
        for (const word of source.match(/[a-z]{3,8}/g) ?? []) expect(shown).toContain(word)
      }),
      { numRuns: 500 },
    )
  })

  it('never throws, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (source) => {
        html(source)
        plain(source)
      }),
    )
  })

  it('stands absurd nesting without overflow and within two seconds', () => {
    const started = performance.now()
    for (const source of [
      '> '.repeat(20_000),
      '- '.repeat(20_000),
      '['.repeat(50_000),
      '*a_'.repeat(10_000),
      '**'.repeat(20_000),
      '![a]('.repeat(5_000),
    ]) {
      expect(html(`${source}word`)).toContain('word')
    }
    expect(performance.now() - started).toBeLessThan(2_000)
  })
})

describe('links', () => {
  it('follows only http, https, mailto and tel', () => {
    expect(html('[a](https://a.example) [b](mailto:b@b.example) [c](tel:+49)')).toContain('href="mailto:b@b.example"')
    for (const url of [
      'javascript:alert(1)',
      'JaVaScRiPt:alert(1)',
      'java&#9;script:alert(1)',
      'data:text/html,x',
      'vbscript:x',
      'file:///etc/passwd',
      '//evil.example',
      '/api/v1/session',
    ]) {
      expect(html(`[word](<${url}>)`)).not.toContain('href')
      expect(html(`![word](<${url}>)`)).toContain('word')
      expect(html(`<${url}>`)).not.toContain('href')
    }
  })

  it('links a bare address and leaves the full stop outside', () => {
    expect(html('See https://a.example/b(c).')).toContain('>https://a.example/b(c)</a>.')
    expect(html('看 https://a.example。好')).toContain('>https://a.example</a>。好')
  })

  it('shows the address of a link where nothing can be clicked, once', () => {
    expect(plain('[docs](https://d.example) and https://e.example and <me@f.example>')).toBe(
      'docs (https://d.example) and https://e.example and me@f.example',
    )
  })

  it('keeps a definition that nothing refers to', () => {
    expect(plain('[a]\n\n[a]: https://a.example\n[b]: https://b.example')).toBe(
      'a (https://a.example)\n\n[b]: https://b.example',
    )
  })
})

describe('toHtml', () => {
  it('lets no markup through that somebody typed', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.constantFrom('<script>', '<img src=x onerror=y>', '"><svg>', '</p>', "' onclick='"),
        (text, attack) => {
          const out = html(`${text}${attack}${text}`)
          expect(
            out.replace(
              /<\/?(?:p|h[1-6]|blockquote|ul|ol|li|pre|code|hr|br|strong|em|a)(?: (?:href|rel|start)="[^"<>]*")*>/g,
              '',
            ),
          ).not.toMatch(/[<>]/)
        },
      ),
    )
  })

  it('escapes text, code and addresses', () => {
    expect(html('<b>&</b>')).toBe('<p>&#60;b&#62;&#38;&#60;/b&#62;</p>')
    expect(html('```\n<i>\n```')).toBe('<pre><code>&#60;i&#62;</code></pre>')
    expect(html('https://a.example/?a=1&b="2')).toContain('href="https://a.example/?a=1&#38;b="')
  })
})

describe('plainText', () => {
  it('numbers and indents lists as a person would', () => {
    expect(plain('3. a\n4. b\n   - c')).toBe('3. a\n4. b\n   • c')
  })
})
