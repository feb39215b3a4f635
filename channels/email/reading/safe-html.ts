import sanitizeHtml from 'sanitize-html'
import { isTooDeep } from './html-text.ts'

const allowedTags = (
  'a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del details dfn div dl dt em ' +
  'figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark ol p pre q s samp section small span ' +
  'strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr'
).split(' ')
/** What stands in these is not text for people. */
const nonTextTags = (
  'applet audio embed frame frameset iframe math noembed noframes noscript object option plaintext script select style svg ' +
  'template textarea title video xmp'
).split(' ')
const everywhere = ['style', 'dir', 'align', 'valign', 'bgcolor', 'width', 'height', 'lang', 'title']
const allowedAttributes = {
  '*': everywhere,
  a: ['href', 'rel', 'target'],
  img: ['src', 'alt', 'data-remote', 'data-cid'],
  font: ['color', 'size', 'face'],
  table: ['border', 'cellpadding', 'cellspacing'],
  td: ['colspan', 'rowspan', 'nowrap'],
  th: ['colspan', 'rowspan', 'nowrap'],
  col: ['span'],
  ol: ['start', 'type'],
  li: ['value'],
}
/** Nothing that leaves the flow of the page or covers what is not its own. */
const properties =
  /^(?:color|background-color|font(?:-(?:family|size|style|weight|variant))?|line-height|letter-spacing|word-spacing|text-(?:align|decoration|indent|transform)|vertical-align|white-space|word-(?:break|wrap)|overflow-wrap|direction|(?:max-|min-)?(?:width|height)|(?:margin|padding)(?:-(?:top|right|bottom|left))?|border(?:-(?:top|right|bottom|left))?(?:-(?:color|style|width|radius))?|border-(?:collapse|spacing)|list-style-type|display)$/
// No url(), no expression(), no escapes, no comments: what cannot be written cannot be loaded.
const values = /^[\w\s#.,%'"+-]*(?:rgba?\([\d\s.,%]+\)[\w\s#.,%'"+-]*)*$/
const displays = /^(?:none|block|inline|inline-block|table|table-row|table-cell|list-item)$/

/** More than this is shown as text only. Characters. */
const MAX_HTML = 1_000_000
const MAX_DATA_PICTURE = 200_000
const MAX_STYLE = 2_000

/** Nothing that runs, loads, submits or covers; null where it is too much to be looked at. */
export function safeHtml(html: string): string | null {
  if (html.length > MAX_HTML || isTooDeep(html)) return null
  const clean = sanitizeHtml(html, {
    allowedTags,
    nonTextTags,
    allowedAttributes,
    allowedSchemes: ['http', 'https', 'mailto'],
    allowedSchemesByTag: { img: ['data'] },
    allowProtocolRelative: false,
    // Filtered below: the library's way takes ten times as long.
    parseStyleAttributes: false,
    nestingLimit: 100,
    transformTags: { '*': (tagName, attribs) => ({ tagName, attribs: attributesOf(tagName, attribs) }) },
  }).replaceAll('\0', '')
  return clean.trim() === '' ? null : clean
}

function attributesOf(tag: string, given: Record<string, string>): Record<string, string> {
  const { style, href, src, ...rest } = given
  for (const ours of ['rel', 'target', 'data-remote', 'data-cid']) delete rest[ours]
  const safe = style ? safeStyle(style.slice(0, MAX_STYLE)) : ''
  if (safe !== '') rest['style'] = safe
  if (tag === 'a') Object.assign(rest, linkOf(href))
  if (tag === 'img') Object.assign(rest, pictureOf(src))
  return rest
}

function safeStyle(style: string): string {
  const kept = style.split(';').flatMap((declaration) => {
    const at = declaration.indexOf(':')
    const name = declaration.slice(0, Math.max(at, 0)).trim().toLowerCase()
    const value = declaration
      .slice(at + 1)
      .replace(/!\s*important/i, '')
      .trim()
    if (!properties.test(name) || value.length > 200 || !values.test(value)) return []
    // An ancient way to run a script, whatever the property.
    if (/expression|javascript|behaviou?r|binding/i.test(value)) return []
    return name === 'display' && !displays.test(value.toLowerCase()) ? [] : [`${name}:${value}`]
  })
  return kept.join(';')
}

/** Browsers leave out tabs, newlines and leading controls when they read an address; so do we before looking at it. */
const addressOf = (given: string | undefined) =>
  (given ?? '').replace(/[\u0000-\u001f\u007f\u00ad\u200b-\u200f\ufeff]/g, '').trim()

function linkOf(href: string | undefined): Record<string, string> {
  const url = addressOf(href)
  if (!/^(?:https?:\/\/[^\s"'<>`]|mailto:)/i.test(url)) return {}
  return { href: url, rel: 'noopener noreferrer', target: '_blank' }
}

function pictureOf(src: string | undefined): Record<string, string> {
  const url = addressOf(src)
  if (/^cid:/i.test(url)) return { 'data-cid': url.slice(4, 400) }
  if (/^(?:https?:)?\/\/[^\s"'<>`]/i.test(url)) return { 'data-remote': url.startsWith('//') ? `https:${url}` : url }
  const isPicture = url.length <= MAX_DATA_PICTURE && /^data:image\/(?:png|jpe?g|gif|webp);base64,[\w+/=]+$/i.test(url)
  return isPicture ? { src: url } : {}
}
