import { createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { MultipartFile } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { badField, HttpError } from './http-error.ts'

export interface ReceivedFolder {
  readonly root: string
  /** `path: why it was left out`. */
  readonly faults: readonly string[]
}

const largestFile = 25 * 1024 * 1024
export const largestFolder = 512 * 1024 * 1024
const mostFiles = 20_000
/** An article, the name of a category, or a file that articles show. */
const ours = /^(?:files\/[^/\\\0]{1,200}|[^/\\\0]{1,40}\/[^/\\\0]{1,100}\/[^/\\\0]{1,150}\.md)$/

/** The files of a folder, each under its path in it, laid out below one of our own for as long as the work takes. */
export async function withReceivedFolder<T>(
  request: FastifyRequest,
  work: (folder: ReceivedFolder) => Promise<T>,
): Promise<T> {
  if (!request.isMultipart()) {
    throw new HttpError(415, 'unsupportedMediaType', 'Send the files as multipart/form-data.')
  }
  const root = await mkdtemp(join(tmpdir(), 'tributary-articles-'))
  try {
    return await work({ root, faults: await receiveAll(request, root) })
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}

async function receiveAll(request: FastifyRequest, root: string): Promise<string[]> {
  const faults: string[] = []
  let size = 0
  const limits = { fileSize: largestFile, files: mostFiles, parts: mostFiles }
  const options = { preservePath: true, throwFileSizeLimit: false, limits }
  for await (const part of request.parts(options)) {
    if (part.type === 'field') throw badField(part.fieldname, 'is not known here: send files alone')
    const fault = await receive(part, root)
    if (fault !== null) faults.push(`${part.filename}: ${fault}`)
    size += part.file.bytesRead
    if (size > largestFolder) throw new HttpError(413, 'tooLarge', 'The folder is larger than 512 MB.')
  }
  return faults
}

async function receive({ file, filename }: MultipartFile, root: string): Promise<string | null> {
  if (!ours.test(filename) || filename.split('/').some((name) => /^\.{1,2}$/.test(name))) {
    file.resume()
    return 'is neither LANGUAGE/CATEGORY/ARTICLE.md nor files/NAME'
  }
  const path = join(root, filename)
  await mkdir(dirname(path), { recursive: true })
  await pipeline(file, createWriteStream(path))
  if (!file.truncated) return null
  await rm(path)
  return `is larger than ${largestFile} bytes`
}
