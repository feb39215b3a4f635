/** Some put JSON into a fence, however often they are told not to. undefined: there is none. */
export function jsonIn(content: string): unknown {
  const from = content.indexOf('{')
  const to = content.lastIndexOf('}')
  if (from === -1 || to < from) return undefined
  try {
    return JSON.parse(content.slice(from, to + 1))
  } catch {
    return undefined
  }
}
