/** How a text names a picture, a video or captions of ours. */
const address = /\/help\/files\/([1-9][0-9]{0,17})\/[^\s()<>"'\\]*/g

export function helpFileUrl(id: string, name: string): string {
  return `/help/files/${id}/${encodeURIComponent(name).replace(/[()'*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)}`
}

/** The id in an address of one of our files; null: it leads elsewhere. */
export function helpFileId(url: string): string | null {
  const [whole, id] = new RegExp(address).exec(url) ?? []
  return whole === url ? (id ?? null) : null
}

/** The files that a text names, each once. */
export function filesNamedIn(body: string): string[] {
  return [...new Set([...body.matchAll(address)].flatMap((match) => match[1] ?? []))]
}

/** Every such address, replaced. */
export function withFileAddresses(body: string, replaced: (id: string, whole: string) => string): string {
  return body.replace(address, (whole, id: string) => replaced(id, whole))
}
