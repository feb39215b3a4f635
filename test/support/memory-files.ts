import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { FileAccess, FileKeeper, OutboundFile } from '../../src/channel/contract.ts'
import { ChannelError } from '../../src/channel/errors.ts'

export interface MemoryFiles extends FileKeeper, FileAccess {
  readonly kept: ReadonlyMap<string, { readonly file: OutboundFile; readonly bytes: Buffer }>
}

export function memoryFiles(): MemoryFiles {
  const kept = new Map<string, { file: OutboundFile; bytes: Buffer }>()
  return {
    kept,
    async keep({ name, bytes, maxBytes }) {
      const whole = Buffer.isBuffer(bytes) ? bytes : await buffer(bytes)
      if (whole.length > maxBytes) throw new ChannelError({ kind: 'rejected', reason: 'tooLarge' }, 'Too large.')
      const file = { id: randomUUID(), name, type: 'application/octet-stream', size: whole.length }
      kept.set(file.id, { file, bytes: whole })
      return file
    },
    async open(id) {
      const found = kept.get(id)
      if (!found) throw new Error(`No file ${id}.`)
      return { file: found.file, stream: Readable.from([found.bytes]) }
    },
  }
}
