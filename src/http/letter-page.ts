import { setImmediate as nextTurn } from 'node:timers/promises'
import { isSafeImage } from '../files/sniff.ts'
import type { HtmlParts } from '../store/letter-parts.ts'
import type { SenderPictures } from '../store/sender-pictures.ts'

export interface LetterPageLinks {
  readonly fileUrl: (fileId: string) => string
  /** null: pictures from elsewhere stay away. */
  readonly pictureUrl: ((address: string) => string) | null
  /** Whether pictures of this sender are shown without being asked for, for the page around this one. */
  readonly senderPictures?: SenderPictures
}

/**
 * Nothing of it runs, nothing of it is fetched but what we sign: the page may be shown in a frame of the inbox, which needs its
 * origin to measure it. Its own `sandbox` holds where somebody opens the address by itself.
 */
export const letterPolicy = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
  'sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox',
].join('; ')

// White paper in the dark as well: mail is written for it, and its own colours would vanish on any other.
const styles = `:root{color-scheme:light}html{background:#fff}
body{margin:0;padding:16px;background:#fff;color:#1a1a1a;font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif;overflow-wrap:anywhere}
img{max-width:100%;height:auto}table{max-width:100%}pre{white-space:pre-wrap}
blockquote{margin:0 0 0 8px;padding-left:12px;border-left:3px solid #d5d5d5}
img[data-remote]:not([src]),img[data-cid]:not([src]){min-width:24px;min-height:24px;border:1px dashed #b5b5b5;background:#f4f4f4;color:#666}
img[data-remote]:is([width="0"],[width="1"]):not([src]),img[data-remote]:is([height="0"],[height="1"]):not([src]){display:none}`

/** A page around HTML that was sanitised when it came in. A mail may have a hundred thousand links: others get their turn. */
export async function letterPage({ html, pictures }: HtmlParts, links: LetterPageLinks): Promise<string> {
  const byCid = new Map(pictures.filter(({ type }) => isSafeImage(type)).map((p) => [cidKey(p.cid), p.fileId]))
  const pieces: string[] = []
  let end = 0
  let tags = 0
  for (const { 0: tag, index } of html.matchAll(/<(?:img|a)\b[^<>]*>/gi)) {
    pieces.push(html.slice(end, index), /^<a/i.test(tag) ? withTarget(tag) : withSource(tag, byCid, links))
    end = index + tag.length
    tags += 1
    if (tags % 1_000 === 0) await nextTurn()
  }
  const body = pieces.join('') + html.slice(end)
  const said = links.senderPictures ? ` data-pictures="${links.senderPictures}"` : ''
  return `<!doctype html><html${said}><head><meta charset="utf-8"><meta name="referrer" content="no-referrer"><meta name="viewport" content="width=device-width"><style>${styles}</style></head><body>${body}</body></html>`
}

function withSource(tag: string, byCid: ReadonlyMap<string, string>, links: LetterPageLinks): string {
  const cid = attribute(tag, 'cid')
  const fileId = cid === null ? undefined : byCid.get(cidKey(cid))
  if (fileId !== undefined) return added(tag, { src: links.fileUrl(fileId) })
  const address = attribute(tag, 'remote')
  if (address === null || !/^https?:\/\//i.test(address) || !links.pictureUrl) return tag
  return added(tag, { src: links.pictureUrl(address), referrerpolicy: 'no-referrer', loading: 'lazy' })
}

/** Wherever it says it leads, the pointer over it shows where. */
function withTarget(tag: string): string {
  const href = attribute(tag, 'href')
  if (href === null) return tag
  return added(tag, { title: href, target: '_blank', rel: 'noopener noreferrer' })
}

function added(tag: string, attributes: Readonly<Record<string, string>>): string {
  let written = ''
  const bare = tag.replace(attributePattern, (whole, name: string) =>
    Object.hasOwn(attributes, name.toLowerCase()) ? '' : whole,
  )
  for (const name in attributes) written += ` ${name}="${escaped(attributes[name] ?? '')}"`
  return `${bare.slice(0, bare.endsWith('/>') ? -2 : -1).trimEnd()}${written}>`
}

// What the sanitiser writes: always double quotes, and no quote or angle bracket inside of them.
const attributePattern = /\s([a-z-]+)="[^"]*"/gi
const wanted = {
  href: /\shref="([^"]*)"/i,
  cid: /\sdata-cid="([^"]*)"/i,
  remote: /\sdata-remote="([^"]*)"/i,
}

function attribute(tag: string, name: keyof typeof wanted): string | null {
  const found = wanted[name].exec(tag)?.[1]
  return found === undefined ? null : unescaped(found)
}

const entities: Readonly<Record<string, string>> = { quot: '"', lt: '<', gt: '>', amp: '&', '#39': "'", apos: "'" }

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '"': '&quot;', '<': '&lt;', '>': '&gt;' }

function unescaped(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(quot|lt|gt|amp|#39|apos);/g, (_all, name: string) => entities[name] ?? '')
}

function escaped(text: string): string {
  return text.replace(/[&"<>]/g, (mark) => escapes[mark] ?? '')
}

function cidKey(cid: string): string {
  return cid.replace(/^<|>$/g, '').toLowerCase()
}
