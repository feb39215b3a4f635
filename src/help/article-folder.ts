import { constants } from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { localeTag } from '../domain/help-locale.ts'
import { type ArticleHead, type CategoryHead, readArticle, readCategory, UnusableFile } from './front-matter.ts'

export interface FolderText extends ArticleHead {
  readonly path: string
  readonly slug: string
  readonly locale: string
  readonly category: string
  readonly body: string
}

export interface FolderCategory extends CategoryHead {
  readonly slug: string
  readonly locale: string
}

export interface ArticleFolder {
  readonly categories: readonly FolderCategory[]
  readonly texts: readonly FolderText[]
  /** By name, of `files/`; nothing else is ever opened for what a text names. */
  readonly files: ReadonlyMap<string, string>
  /** `path: why it was left out`. */
  readonly faults: readonly string[]
}

const longestFile = 512 * 1024
const mostFiles = 20_000
const slug = /^[a-z0-9]+(?:-[a-z0-9]+)*$/
const kept = ['search', 'files', 'assets', 'contact']

interface Reading {
  readonly root: string
  readonly categories: FolderCategory[]
  readonly texts: FolderText[]
  readonly faults: string[]
}

/** `<locale>/<category>/<slug>.md` below a folder. Links of the file system are not followed: they may lead anywhere. */
export async function readArticleFolder(root: string): Promise<ArticleFolder> {
  const reading: Reading = { root, categories: [], texts: [], faults: [] }
  for (const locale of await namesIn(reading, '', 'folder')) {
    if (locale === 'files') continue
    if (localeTag(locale) !== locale) {
      reading.faults.push(`${locale}: is not a language tag such as en, zh or zh-TW`)
      continue
    }
    for (const category of await namesIn(reading, locale, 'folder')) await readOneCategory(reading, locale, category)
  }
  const files = new Map((await namesIn(reading, 'files', 'file')).map((name) => [name, join(root, 'files', name)]))
  return { ...reading, files }
}

async function readOneCategory(reading: Reading, locale: string, category: string): Promise<void> {
  const folder = `${locale}/${category}`
  if (!isSlug(category)) {
    reading.faults.push(`${folder}: may have lower-case letters, digits and single hyphens only`)
    return
  }
  for (const name of await namesIn(reading, folder, 'file')) {
    if (!name.endsWith('.md')) continue
    const path = `${folder}/${name}`
    try {
      await readOneFile(reading, { path, locale, category, slug: name.slice(0, -3) })
    } catch (error) {
      if (!(error instanceof UnusableFile)) throw error
      reading.faults.push(`${path}: ${error.message}`)
    }
  }
}

type Place = Pick<FolderText, 'path' | 'locale' | 'category' | 'slug'>

async function readOneFile(reading: Reading, place: Place): Promise<void> {
  const source = await readText(join(reading.root, place.path))
  if (place.slug === '_category') {
    reading.categories.push({ ...(await readCategory(source)), slug: place.category, locale: place.locale })
    return
  }
  if (!isSlug(place.slug))
    throw new UnusableFile('its name may have lower-case letters, digits and single hyphens only')
  if (reading.texts.length >= mostFiles) throw new UnusableFile(`there are more than ${mostFiles} articles`)
  const { head, body } = await readArticle(source)
  reading.texts.push({ ...head, ...place, body })
}

const isSlug = (name: string) => slug.test(name) && name.length <= 100 && !kept.includes(name)

async function namesIn({ root, faults }: Reading, folder: string, kind: 'file' | 'folder'): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (folder === 'files' && error.code === 'ENOENT') return []
    throw error
  })
  for (const entry of entries) {
    if (entry.isSymbolicLink()) faults.push(`${join(folder, entry.name)}: is a link of the file system`)
  }
  const wanted = entries.filter((entry) => (kind === 'file' ? entry.isFile() : entry.isDirectory()))
  return wanted.map((entry) => entry.name).sort()
}

async function readText(path: string): Promise<string> {
  // It may have become a link, or a pipe that never ends, since it was listed.
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const facts = await handle.stat()
    if (!facts.isFile()) throw new UnusableFile('it is no file')
    if (facts.size > longestFile) throw new UnusableFile(`it is larger than ${longestFile} bytes`)
    return new TextDecoder('utf-8', { fatal: true }).decode(await handle.readFile())
  } catch (error) {
    throw error instanceof TypeError ? new UnusableFile('it is not UTF-8') : error
  } finally {
    await handle.close()
  }
}
