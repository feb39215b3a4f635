import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Nodes } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'

// The sample content is data that people edit: what the importer and the bot take for granted is asked here.
const root = path.join(import.meta.dirname, '..', 'content', 'northstar')
const locales = ['en', 'zh', 'ja', 'ko', 'ru']

const articleHead = z.strictObject({
  title: z.string().min(1).max(120),
  summary: z.string().min(1).max(200),
  position: z.int().positive(),
  phrasings: z.array(z.string().min(1).max(120)).min(6).max(10),
  keywords: z.array(z.string().min(1)).optional(),
})
const categoryHead = z.strictObject({
  name: z.string().min(1),
  description: z.string().min(1),
  position: z.int().positive(),
})

// Names of real firms and products that writers of such texts slip in first.
const brands =
  /\b(binance|coinbase|kraken|okx|bybit|kucoin|huobi|bitfinex|upbit|bithumb|bitflyer|coincheck|tether|usdt|usdc|xrp|ripple|tron|solana|visa|mastercard|paypal|alipay|wechat|revolut|sepa|swift|google|gmail|apple|iphone|android|microsoft|whatsapp|kakao|naver|yandex|gosuslugi|metamask|trezor)\b|微信|支付宝|币安|谷歌|苹果|카카오|네이버|삼성|업비트|빗썸|구글|グーグル|アップル|сбер|тинькоф|яндекс|госуслуг|гугл/iu

interface Parsed {
  head: unknown
  body: string
}

function split(file: string): Parsed {
  const found = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(readFileSync(file, 'utf8'))
  if (!found) throw new Error(`${file} has no front matter`)
  return { head: parse(found[1]!), body: found[2]!.trim() }
}

function names(locale: string): string[] {
  const folder = path.join(root, 'articles', locale)
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return files.filter((name) => name.endsWith('.md')).sort()
}

function readArticles(locale: string) {
  return names(locale)
    .filter((name) => !name.endsWith('_category.md'))
    .map((name) => {
      const { head, body } = split(path.join(root, 'articles', locale, name))
      return { name, slug: path.basename(name, '.md'), head: articleHead.parse(head, { reportInput: true }), body }
    })
}

const known = new Map<string, ReturnType<typeof readArticles>>()

function articles(locale: string) {
  const found = known.get(locale) ?? readArticles(locale)
  known.set(locale, found)
  return found
}

function each(node: Nodes, visit: (node: Nodes) => void): void {
  visit(node)
  if ('children' in node) for (const child of node.children) each(child, visit)
}

function links(body: string): string[] {
  const found: string[] = []
  each(fromMarkdown(body), (node) => {
    if (node.type === 'link') found.push(node.url)
  })
  return found
}

const plain = (text: string) =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

function repeated(values: string[]): string[] {
  const seen = new Set<string>()
  return values.filter((value) => seen.has(value) || !seen.add(value))
}

describe.each(locales)('sample articles in %s', (locale) => {
  it('has the same articles in the same categories as in English, thirty or more', () => {
    expect(names(locale)).toEqual(names('en'))
    expect(articles(locale).length).toBeGreaterThanOrEqual(30)
  })

  it('has categories with a name, a description and a position of their own', () => {
    const files = names(locale).filter((name) => name.endsWith('_category.md'))
    const heads = files.map((name) => categoryHead.parse(split(path.join(root, 'articles', locale, name)).head))
    expect(repeated(heads.map((head) => String(head.position)))).toEqual([])
  })

  it('names every article once, whatever its category', () => {
    expect(repeated(articles(locale).map((article) => article.slug))).toEqual([])
  })

  it('has no phrasing twice, nor one that only repeats the title', () => {
    const all = articles(locale).flatMap(({ head }) => [plain(head.title), ...head.phrasings.map(plain)])
    expect(repeated(all)).toEqual([])
  })

  it('says something: every body has six to twenty-five lines', () => {
    const lengths = articles(locale).map(({ name, body }) => ({ name, lines: body.split('\n').length }))
    expect(lengths.filter(({ lines }) => lines < 6 || lines > 25)).toEqual([])
  })

  it('links only to articles that exist, in its own language', () => {
    const targets = new Set(articles(locale).map((article) => `/help/${locale}/${article.slug}`))
    const broken = articles(locale).flatMap(({ name, body }) =>
      links(body)
        .filter((url) => !targets.has(url))
        .map((url) => `${name}: ${url}`),
    )
    expect(broken).toEqual([])
  })

  it('leaves no mark of emphasis unread: next to full-width punctuation it would be shown as stars', () => {
    const stars: string[] = []
    for (const { name, body } of articles(locale))
      each(fromMarkdown(body), (node) => {
        if (node.type === 'text' && /\*|\]\(|^\|/.test(node.value)) stars.push(`${name}: ${node.value}`)
        if (node.type === 'html') stars.push(`${name}: raw html ${node.value}`)
      })
    expect(stars).toEqual([])
  })
})

it('names no real company or product anywhere', () => {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(md|yaml|csv)$/.test(name))
  const hits = files.flatMap((name) => {
    const found = brands.exec(readFileSync(path.join(root, name), 'utf8'))
    return found ? [`${name}: ${found[0]}`] : []
  })
  expect(hits).toEqual([])
})
