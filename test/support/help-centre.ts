import type { HttpServer, Loose, Person } from './http-server.ts'

export interface HelpGround {
  readonly categoryId: string
  /** Made, saved and published in each of these languages. */
  article(slug: string, texts: Readonly<Record<string, Partial<HelpText>>>): Promise<string>
  save(id: string, locale: string, text: Partial<HelpText>): Promise<Loose>
  publish(id: string, locale: string, wish?: { minor?: boolean }): Promise<Loose>
  upload(bytes: Buffer | string, name: string): Promise<{ id: string; address: string }>
  /** As a browser without a session asks. */
  page(path: string, headers?: Record<string, string>): Promise<{ status: number; text: string; headers: Headers }>
}

interface HelpText {
  readonly title: string
  readonly summary: string
  readonly body: string
  readonly keywords: readonly string[]
  readonly phrasings: readonly string[]
}

function must<T extends { status: number; text: string }>(answer: T, status: number): T {
  if (answer.status !== status) throw new Error(`answered ${answer.status} ${answer.text}`)
  return answer
}

/** A help centre with one category, written by this person over HTTP. */
export async function helpGround(server: HttpServer, lead: Person, slug = 'basics'): Promise<HelpGround> {
  const names = [
    { locale: 'en', name: 'Basics', description: 'Where to begin' },
    { locale: 'zh', name: '入门' },
  ]
  const category = must(await lead.call('POST /article-categories', { slug, texts: names }), 201)
  const categoryId = category.body.id as string
  const save: HelpGround['save'] = async (id, locale, text) => {
    const body = { title: `Title ${locale}`, body: '', ...text }
    return must(await lead.call(`PUT /articles/${id}/texts/${locale}`, body), 200).body
  }
  const publish: HelpGround['publish'] = async (id, locale, wish = {}) =>
    must(await lead.call(`POST /articles/${id}/texts/${locale}/publish`, wish), 200).body
  return {
    categoryId,
    save,
    publish,
    async article(articleSlug, texts) {
      const [first = 'en'] = Object.keys(texts)
      const made = await lead.call('POST /articles', { slug: articleSlug, categoryId, locale: first, title: 'New' })
      const { id } = must(made, 201).body
      for (const [locale, text] of Object.entries(texts)) {
        await save(id, locale, text)
        await publish(id, locale)
      }
      return id
    },
    async upload(bytes, name) {
      const form = new FormData()
      form.append('file', new Blob([bytes]), name)
      const { id } = must(await lead.call('POST /files', form), 201).body
      return { id, address: `/help/files/${id}/${name}` }
    },
    async page(path, headers = {}) {
      const response = await fetch(`${server.url}${path}`, { redirect: 'manual', headers })
      return { status: response.status, text: await response.text(), headers: response.headers }
    },
  }
}
