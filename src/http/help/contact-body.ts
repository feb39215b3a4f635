import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { OutboundFile } from '../../channel/contract.ts'
import { maxFields } from '../../domain/form.ts'
import { TooLarge } from '../../files/blob-store.ts'
import type { Files } from '../../files/files.ts'

export interface ContactBody {
  readonly fields: Readonly<Record<string, string>>
  readonly files: readonly OutboundFile[]
  /** Too many, or too large: whichever was too much is not kept. */
  readonly tooMuch: boolean
  /** Of everything that was sent: the same form sent twice has the same. */
  readonly digest: string
}

export interface FileLimits {
  readonly most: number
  readonly bytes: number
}

/** Reads the form as a browser sends it; files are kept, and thrown away with other uploads if nothing comes of them. */
export async function readContactBody(request: FastifyRequest, files: Files, limits: FileLimits): Promise<ContactBody> {
  const fields: Record<string, string> = {}
  const kept: OutboundFile[] = []
  const hash = createHash('sha256')
  let tooMuch = false
  const most = { fileSize: limits.bytes + 1, files: 20, fields: maxFields + 10, parts: 60, fieldSize: 50_000 }
  // What is too large is said beside its field, with all the rest.
  const options = { limits: most, throwFileSizeLimit: false }
  for await (const part of request.parts(options)) {
    hash.update(`\0${part.fieldname}\0`)
    if (part.type === 'field') {
      const value = typeof part.value === 'string' ? part.value.replaceAll('\0', '') : ''
      fields[part.fieldname] = value
      hash.update(value)
      continue
    }
    // A browser sends an empty part where nothing was chosen.
    const name = part.filename ?? ''
    if (name === '' || kept.length >= limits.most) {
      tooMuch ||= name !== ''
      part.file.resume()
      continue
    }
    hash.update(name)
    const file = await storedOrNull(files, { stream: part.file, name, owner: 'help:contact', maxBytes: limits.bytes })
    if (file === null) tooMuch = true
    else hash.update(file.sha256)
    if (file && file.size > 0) kept.push({ id: file.id, name: file.name, type: file.type, size: file.size })
  }
  return { fields, files: kept, tooMuch, digest: hash.digest('base64url') }
}

async function storedOrNull(files: Files, file: Parameters<Files['store']>[0]) {
  try {
    return await files.store(file)
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error
    file.stream.resume()
    return null
  }
}
