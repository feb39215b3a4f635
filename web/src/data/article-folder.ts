import type { ArticleImport } from '../../../src/wire/article-folder.ts'
import { type Api, ApiError, root, toError, withQuery } from './api.ts'

/** A file under its path in the folder that holds the languages. */
export interface FolderFile {
  readonly path: string
  readonly file: File
}

/** Chosen with a button: each path begins with the name of the folder. */
export function chosenFolder(list: FileList): FolderFile[] {
  return insideOf([...list].map((file) => ({ path: file.webkitRelativePath || file.name, file })))
}

/** Must be called while the drop is handled: afterwards the browser forgets what was dropped. */
export function droppedFolder(items: DataTransferItemList): Promise<FolderFile[]> {
  const entries = [...items].flatMap((item) => item.webkitGetAsEntry() ?? [])
  return Promise.all(entries.map((entry) => filesBelow(entry, entry.name))).then((found) => insideOf(found.flat()))
}

async function filesBelow(entry: FileSystemEntry, path: string): Promise<FolderFile[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))
    return [{ path, file }]
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  const found: FolderFile[] = []
  // A browser gives out a hundred at a time, and none when it is done.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (some.length === 0) return found
    const below = await Promise.all(some.map((one) => filesBelow(one, `${path}/${one.name}`)))
    found.push(...below.flat())
  }
}

/** What the server would take: without the folder's own name, and without what systems and editors leave lying around. */
export function insideOf(files: readonly FolderFile[]): FolderFile[] {
  return files.flatMap(({ path, file }) => {
    const inside = path.split('/').slice(1)
    const hidden = inside.some((name) => name.startsWith('.'))
    const wanted = inside[0] === 'files' ? inside.length === 2 : inside.length > 1 && path.endsWith('.md')
    return wanted && !hidden ? [{ path: inside.join('/'), file }] : []
  })
}

interface ImportWish {
  readonly dryRun: boolean
  readonly drafts: boolean
}

export async function sendFolder(api: Api, files: readonly FolderFile[], wish: ImportWish): Promise<ArticleImport> {
  const form = new FormData()
  for (const { path, file } of files) form.append('file', file, path)
  const path = withQuery('/articles/import', { dryRun: wish.dryRun, drafts: wish.drafts })
  const headers = { 'x-csrf-token': api.csrfToken() ?? '' }
  const answer = await fetch(root + path, { method: 'POST', body: form, headers, credentials: 'same-origin' }).catch(
    () => {
      throw new ApiError(0, 'offline', 'No answer from the server.')
    },
  )
  if (answer.ok) return (await answer.json()) as ArticleImport
  throw await toError(answer)
}
