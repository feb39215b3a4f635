import type { TFunction } from 'i18next'
import type { Capabilities } from '../../../src/wire/channel.ts'
import { fileSize } from './time.ts'

/** What one message may carry at all, wherever it goes. */
const mostFiles = 20

interface Place {
  readonly channel: string
  /** undefined: not known, or a note; the server has the last word. */
  readonly can: Capabilities['attachments'] | undefined
  readonly language: string
}

/** Why this file is not worth sending to the server; null: it is. `held`: how many are attached already. */
export function refusedFile(
  t: TFunction,
  { channel, can, language }: Place,
  file: { readonly type: string; readonly size: number },
  held: number,
): string | null {
  if (held >= mostFiles) return t('file.tooMany', { n: mostFiles })
  if (!can) return null
  if (can.out === 'dropped' || can.out === 'rejected') return t('composer.files.noFiles', { channel })
  const kind = can.kinds?.find(({ type }) => type === file.type)
  // A browser that cannot tell leaves it to the server, which looks into the bytes.
  if (can.kinds && !kind && file.type !== '') {
    return t('file.wrongKind', { channel, kinds: can.kinds.map(({ name }) => name).join(', ') })
  }
  const most = kind?.maxBytes ?? can.maxBytes
  return file.size > most ? t('file.tooBig', { size: fileSize(most, language) }) : null
}
