/** Shown in the page itself; everything else is only ever downloaded. */
const SAFE_IMAGES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif'])

export function isSafeImage(type: string): boolean {
  return SAFE_IMAGES.has(type)
}

/** Played or read by the page itself, and never anything that a browser could run. */
const PLAYABLE = new Set([...SAFE_IMAGES, 'video/mp4', 'video/webm', 'video/quicktime', 'text/vtt'])

/** What an article may show in place. */
export function isPlayable(type: string): boolean {
  return PLAYABLE.has(type)
}

/** What the bytes are, whatever the sender called them. Text of any kind, HTML and SVG included, is plain text. */
export async function sniffType(head: Buffer): Promise<string> {
  const { fileTypeFromBuffer } = await import('file-type')
  const found = await fileTypeFromBuffer(head).catch(() => undefined)
  if (found) return isMarkup(found.mime) ? 'text/plain' : found.mime
  return isText(head) ? 'text/plain' : 'application/octet-stream'
}

function isMarkup(type: string): boolean {
  return type === 'application/xml' || type === 'text/html' || type === 'image/svg+xml'
}

function isText(head: Buffer): boolean {
  if (head.includes(0)) return false
  try {
    // A character may be cut in two at the end of the head: `stream` tolerates exactly that.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
    return true
  } catch {
    return false
  }
}
