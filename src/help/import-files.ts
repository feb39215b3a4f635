import { constants, createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { helpFileUrl } from '../domain/article-files.ts'
import type { Files } from '../files/files.ts'
import { findHelpFile } from '../store/article-file.ts'
import type { Queryable } from '../store/database.ts'
import type { ArticleFolder, FolderText } from './article-folder.ts'
import { UnusableFile } from './front-matter.ts'

export interface FileTaker {
  readonly files: Pick<Files, 'store'>
  readonly q: Queryable
  readonly owner: string
  /** Address in a text by name in the folder, filled as files are taken. */
  readonly taken: Map<string, string>
}

/** The largest that an agent could upload. */
const maxBytes = 25 * 1024 * 1024
/** How an exported text names a file. */
const relative = /\.\.\/\.\.\/files\/([^\s()<>"'\\/]+)/g
const hashed = /^[0-9a-f]{12}-/

export function folderFileName(sha256: string, name: string): string {
  return `${sha256.slice(0, 12)}-${name}`
}

export function folderFileAddress(name: string): string {
  return `../../files/${encodeURIComponent(name).replace(/[()'*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)}`
}

/** The text with files of the folder taken in. A name that is not in `files/` is left as it stands, and leads nowhere. */
export async function takeFiles(taker: FileTaker, folder: ArticleFolder, text: FolderText): Promise<FolderText> {
  const named = new Set([...text.body.matchAll(relative)].map((match) => match[1] ?? ''))
  const addresses = new Map<string, string>()
  for (const written of named) {
    const name = decoded(written)
    const path = folder.files.get(name)
    if (path !== undefined) addresses.set(written, taker.taken.get(name) ?? (await take(taker, name, path)))
  }
  const body = text.body.replace(relative, (whole, written: string) => addresses.get(written) ?? whole)
  return { ...text, body }
}

function decoded(written: string): string {
  try {
    return decodeURIComponent(written)
  } catch {
    return written
  }
}

async function take({ files, q, owner, taken }: FileTaker, name: string, path: string): Promise<string> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const facts = await handle.stat()
    if (!facts.isFile()) throw new UnusableFile(`files/${name} is no file`)
    if (facts.size > maxBytes) throw new UnusableFile(`files/${name} is larger than ${maxBytes} bytes`)
    const stream = createReadStream('', { fd: handle, autoClose: false })
    const stored = await files.store({ stream, name: name.replace(hashed, ''), owner, maxBytes })
    // What is there already keeps its address: else every import would change every text.
    const { id, name: kept } = (await findHelpFile(q, stored.sha256, stored.name)) ?? stored
    const address = helpFileUrl(id, kept)
    taken.set(name, address)
    return address
  } finally {
    await handle.close()
  }
}
