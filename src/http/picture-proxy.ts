import { isSafeImage, sniffType } from '../files/sniff.ts'
import type { OutboundAllow } from '../security/outbound-address.ts'
import { createOutboundFetch } from '../security/outbound-fetch.ts'

export interface Picture {
  readonly type: string
  readonly bytes: Buffer
}

const limits = { maxBytes: 5 * 1024 * 1024, maxMs: 10_000, maxRedirects: 3 }
/** At once in the whole process: each may hold 5 MB. */
const mostAtOnce = 12

/**
 * Fetches pictures of mails for people here, so that who sent the mail learns neither who looked nor from where: no cookies, no
 * referrer, our address. Answers null for whatever is no picture of a kind browsers draw without running anything.
 */
export function createPictureProxy(allow: OutboundAllow): (address: string) => Promise<Picture | null> {
  const get = createOutboundFetch({ allow, ...limits })
  const inTurn = turnstile(mostAtOnce)
  return (address) => inTurn(() => fetchPicture(get, address))
}

async function fetchPicture(get: typeof globalThis.fetch, address: string): Promise<Picture | null> {
  try {
    const answer = await get(address, { headers: { accept: 'image/*', 'user-agent': 'Tributary' } })
    if (!answer.ok) {
      await answer.body?.cancel()
      return null
    }
    const bytes = Buffer.from(await answer.arrayBuffer())
    // By its bytes: what the other side calls it decides nothing.
    const type = await sniffType(bytes.subarray(0, 4_100))
    return isSafeImage(type) ? { type, bytes } : null
  } catch {
    // Refused, too large, too late, no such host: all the same to who looks, and nothing an attacker could tell apart.
    return null
  }
}

function turnstile(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  let inside = 0
  const waiting: (() => void)[] = []
  return async (work) => {
    if (inside >= most) await new Promise<void>((enter) => waiting.push(enter))
    else inside += 1
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else inside -= 1
    }
  }
}
