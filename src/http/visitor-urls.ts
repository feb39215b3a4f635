import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Sealer } from '../domain/sealer.ts'

/** ms. An address lives between one and two of these: within one it stays the same, so browsers cache what it names. */
const period = 60 * 60 * 1000

/** Addresses of files that carry their own permission: an `<img>` on a website sends no token. */
export interface VisitorUrls {
  file(inboxId: string, fileId: string): string
  allows(inboxId: string, fileId: string, query: { until: string; signature: string }): boolean
}

export function createVisitorUrls(sealer: Sealer, publicUrl: string, clock: () => Date): VisitorUrls {
  const key = sealer.deriveKey('visitorFile')
  const sign = (inboxId: string, fileId: string, until: string): string =>
    createHmac('sha256', key).update(`${inboxId}.${fileId}.${until}`).digest('base64url')
  return {
    file(inboxId, fileId) {
      const until = String(Math.ceil(clock().getTime() / period + 1) * period)
      const signature = sign(inboxId, fileId, until)
      return `${publicUrl}/widget/v1/${inboxId}/files/${fileId}?until=${until}&signature=${signature}`
    },
    allows(inboxId, fileId, { until, signature }) {
      const right = Buffer.from(sign(inboxId, fileId, until))
      const given = Buffer.from(signature)
      const same = right.length === given.length && timingSafeEqual(right, given)
      return same && Number(until) > clock().getTime()
    },
  }
}
