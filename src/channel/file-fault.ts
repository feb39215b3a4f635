import type { Capabilities } from './capabilities.ts'

export type FileFault =
  /** `limit` in bytes. */
  | { readonly code: 'fileTooLarge'; readonly limit: number }
  /** `limit`: the kinds there are, for people. */
  | { readonly code: 'fileKind'; readonly limit: string }

/** Why a platform would not take this file; null: it would. */
export function fileFault(
  { maxBytes, kinds }: Pick<Capabilities['attachments'], 'maxBytes' | 'kinds'>,
  file: { readonly type: string; readonly size: number },
): FileFault | null {
  const kind = kinds?.find(({ type }) => type === file.type)
  if (kinds && !kind) return { code: 'fileKind', limit: kinds.map(({ name }) => name).join(', ') }
  const limit = kind?.maxBytes ?? maxBytes
  return file.size > limit ? { code: 'fileTooLarge', limit } : null
}

/** The same as a sentence. */
export function fileSentence(channel: string, name: string, fault: FileFault): string {
  if (fault.code === 'fileKind') return `${channel} takes no file of the kind of “${name}”, only ${fault.limit}.`
  return `“${name}” is too large: ${channel} takes files of this kind up to ${Math.floor(fault.limit / 1_000_000)} MB.`
}
