const MAX_CHARACTERS = 150
// Control characters, path separators, characters Windows refuses, and those that turn the direction of writing:
// "gpj.exe" could be shown as "exe.jpg".
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}/\\:*?"<>|]/gu

/** A name to show and to save under. Never a path, never empty, one line, at most 150 characters with its ending. */
export function cleanFileName(raw: string): string {
  const last = raw.split(/[/\\]/).at(-1) ?? ''
  const visible = last
    .normalize('NFC')
    .replace(UNSAFE, '')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^\.+|[. ]+$/g, '')
  if (visible === '') return 'file'
  const letters = [...visible]
  if (letters.length <= MAX_CHARACTERS) return visible
  const dot = letters.lastIndexOf('.')
  const ending = dot > 0 && letters.length - dot <= 12 ? letters.slice(dot) : []
  return [...letters.slice(0, MAX_CHARACTERS - ending.length), ...ending].join('')
}

/** `Content-Disposition`, RFC 6266 with the encoding of RFC 8187. */
export function contentDisposition(kind: 'inline' | 'attachment', name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
  return `${kind}; filename="${ascii}"; filename*=UTF-8''${encoded}`
}
