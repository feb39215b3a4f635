import { Parser } from 'htmlparser2'
import { expect, test } from 'vitest'
import { safeHtml } from '../../../channels/email/reading/safe-html.ts'

/** What a page could run, load, send or be covered by. */
const attacks = [
  '<script>alert(1)</script>',
  '<scr<script>ipt>alert(1)</scr</script>ipt>',
  '<SCRIPT/SRC=//evil.example/x.js></SCRIPT>',
  '<img src=x onerror=alert(1)>',
  '<img src="x" onerror="alert(1)"//',
  '<img """><script>alert(1)</script>">',
  '<img/src/onerror=alert(1)>',
  '<svg onload=alert(1)>',
  '<svg><script>alert(1)</script></svg>',
  '<svg><style><img src=x onerror=alert(1)></style></svg>',
  '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
  '<svg><animate onbegin=alert(1) attributeName=x dur=1s>',
  '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>',
  '<math><mi//xlink:href="data:x,<script>alert(4)</script>">',
  '<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<p id="</textarea><img src=x onerror=alert(1)>">',
  '<textarea><p title="</textarea><img src=x onerror=alert(1)>"></textarea>',
  '<title><img title="</title><img src=x onerror=alert(1)>"></title>',
  '<xmp><p title="</xmp><svg/onload=alert(1)>"></xmp>',
  '<iframe src="javascript:alert(1)"></iframe>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<object data="javascript:alert(1)"></object><embed src="//evil.example/x.swf">',
  '<a href="javascript:alert(1)">x</a>',
  '<a href=" &#1; java&#9;script:alert(1)">x</a>',
  '<a href="&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74:alert(1)">x</a>',
  '<a href="JaVaScRiPt&colon;alert(1)">x</a>',
  '<a href="data:text/html,<script>alert(1)</script>">x</a>',
  '<a href="vbscript:msgbox(1)">x</a><a href="file:///etc/passwd">x</a>',
  '<a href="//evil.example" target="_self" ping="//evil.example">x</a>',
  '<img src="https://evil.example/a.png" srcset="https://evil.example/b.png 2x">',
  '<img src="data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+">',
  '<img data-remote="javascript:alert(1)" data-cid="&quot;><script>" src="cid:&quot;><script>alert(1)</script>">',
  '<picture><source srcset="//evil.example/a.png"><img src="//evil.example/b.png"></picture>',
  '<video poster="//evil.example/a.png"><source src="//evil.example/v" onerror=alert(1)></video>',
  '<div style="background:url(//evil.example/a.png)">x</div>',
  '<div style="background-image:u\\72l(//evil.example/a.png)">x</div>',
  '<div style="width:expression(alert(1));behavior:url(x.htc);-moz-binding:url(x)">x</div>',
  '<div style="position:fixed;top:0;left:0;width:100%;height:100%;z-index:9999">x</div>',
  '<div style="color:red;/**/background:url(//evil.example)">x</div>',
  '<div style=\'font-family:"a;background:url(//evil.example)"\'>x</div>',
  '<style>@import "//evil.example/x.css"; body{background:url(//evil.example)}</style>',
  '<link rel=stylesheet href="//evil.example/x.css">',
  '<meta http-equiv="refresh" content="0;url=//evil.example">',
  '<base href="//evil.example/"><a href="/x">x</a>',
  '<body background="//evil.example/a.png" onload=alert(1)>',
  '<table background="//evil.example/a.png"><td background="//evil.example/b.png">x</table>',
  '<form action="//evil.example"><input name=a><button formaction="javascript:alert(1)">x</button></form>',
  '<isindex action="javascript:alert(1)" type=image>',
  '<details open ontoggle=alert(1)><summary>x</summary></details>',
  '<input autofocus onfocus=alert(1)><select onfocus=alert(1)><option>x</select>',
  '<template><script>alert(1)</script></template>',
  '<!--><img src=x onerror=alert(1)>-->',
  '<!--[if gte IE 4]><script>alert(1)</script><![endif]-->',
  '<![CDATA[><img src=x onerror=alert(1)>]]>',
  '<?xml-stylesheet href="javascript:alert(1)"?>',
  '<p/onclick=alert(1)>x</p><p\fonclick=alert(1)>x</p>',
  '<a href="https://a.example/" onclick="alert(1)" style="x" class="y" id="z" name="cookie">x</a>',
]

const tags = /^(?:a|p|div|img|table|tbody|tr|td|details|summary|i|b|span)$/
const attributes = /^(?:style|href|rel|target|src|alt|title|width|height|data-remote|data-cid)$/

test.each(attacks)('nothing is left to run in %s', (attack) => {
  const clean = safeHtml(`<p>before</p>${attack}<p>after</p>`) ?? ''
  expect(clean).toContain('before')
  new Parser({
    onopentag: (name, given) => {
      expect(name).toMatch(tags)
      for (const [key, value] of Object.entries(given)) {
        expect(key).toMatch(attributes)
        if (key === 'href') expect(value).toMatch(/^(?:https?:\/\/|mailto:)/)
        if (key === 'src') expect(value).toMatch(/^data:image\/(?:png|jpe?g|gif|webp);base64,/)
        if (key === 'data-remote') expect(value).toMatch(/^https?:\/\//)
        if (key === 'style') expect(value).not.toMatch(/url|expression|position|\\|\/\*|@/i)
        if (key === 'target') expect([value, given['rel']]).toEqual(['_blank', 'noopener noreferrer'])
      }
    },
    oncomment: () => expect.unreachable('a comment'),
    onprocessinginstruction: () => expect.unreachable('an instruction'),
  }).end(clean)
  // Cleaning once more finds nothing: no pass of a browser's parser makes new elements of it.
  const bare = (text: string) => text.replace(/ data-(?:remote|cid)="[^"]*"/g, '')
  expect(bare(safeHtml(clean) ?? '')).toBe(bare(clean))
})

test('what people format with stays', () => {
  const html =
    '<div style="color:#333;font:14px/1.5 Arial, sans-serif;margin:0 0 8px"><b>bold</b> <a href="https://a.example/?a=1&amp;b=2">link</a></div>'
  expect(safeHtml(html)).toBe(
    '<div style="color:#333;margin:0 0 8px"><b>bold</b> <a href="https://a.example/?a=1&amp;b=2" rel="noopener noreferrer" target="_blank">link</a></div>',
  )
  expect(safeHtml('<img src="https://a.example/x.png" width="20" alt="x">')).toBe(
    '<img width="20" alt="x" data-remote="https://a.example/x.png" />',
  )
  expect(safeHtml('<img src="CID:a@b">')).toBe('<img data-cid="a@b" />')
  const small = 'data:image/png;base64,iVBORw0KGgo='
  expect(safeHtml(`<img src="${small}">`)).toBe(`<img src="${small}" />`)
  expect(safeHtml(`<p>x</p><img src="data:image/png;base64,${'A'.repeat(300_000)}">`)).toBe('<p>x</p><img />')
})
