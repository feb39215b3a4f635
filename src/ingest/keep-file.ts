import { Readable } from 'node:stream'
import type { FileKeeper } from '../channel/contract.ts'
import { ChannelError } from '../channel/errors.ts'
import { TooLarge } from '../files/blob-store.ts'
import type { Files } from '../files/files.ts'

/** The files of one inbox, as its channel keeps them. */
export function fileKeeper(files: Pick<Files, 'store'>, inboxId: string): FileKeeper {
  return {
    async keep({ name, bytes, maxBytes }) {
      const stream = Buffer.isBuffer(bytes) ? Readable.from([bytes]) : bytes
      try {
        const { id, type, size, ...stored } = await files.store({ stream, name, owner: `inbox:${inboxId}`, maxBytes })
        return { id, name: stored.name, type, size }
      } catch (error) {
        if (!(error instanceof TooLarge)) throw error
        throw new ChannelError({ kind: 'rejected', reason: 'tooLarge' }, error.message, { cause: error })
      }
    },
  }
}
