import { originParts } from './settings.ts'

/** `own`: our own address, where the demo page and previews live. */
export function allowsOrigin(origin: string | undefined, allowed: readonly string[], own: string): boolean {
  if (origin === undefined || allowed.length === 0) return true
  if (sameOrigin(origin, own)) return true
  return allowed.some((entry) => matches(origin, entry))
}

function sameOrigin(origin: string, url: string): boolean {
  return URL.canParse(url) && new URL(url).origin === origin
}

function matches(origin: string, entry: string): boolean {
  const wanted = originParts(entry)
  const given = originParts(origin)
  if (!wanted || !given || given.anySubdomain) return false
  if (given.scheme !== wanted.scheme || given.port !== wanted.port) return false
  return wanted.anySubdomain ? given.host.endsWith(`.${wanted.host}`) : given.host === wanted.host
}
