import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Sealer } from '../../domain/sealer.ts'

/** ms. An address lives between one and two of these, and is the same within one, so that browsers keep what it names. */
const period = 60 * 60 * 1000

export interface ProgressFileUrls {
  /** Under the page's own address, which is asked as well: when that is revoked its files are gone at once. */
  urlOf(token: string, attachmentId: string): string
  allows(token: string, attachmentId: string, query: { until: string; signature: string }): boolean
}

export function createProgressFileUrls(sealer: Pick<Sealer, 'deriveKey'>, clock: () => Date): ProgressFileUrls {
  const key = sealer.deriveKey('progress-files')
  const sign = (token: string, attachmentId: string, until: string): string =>
    createHmac('sha256', key).update(`${token}.${attachmentId}.${until}`).digest('base64url')
  return {
    urlOf(token, attachmentId) {
      const until = String(Math.ceil(clock().getTime() / period + 1) * period)
      return `/t/${token}/files/${attachmentId}?until=${until}&signature=${sign(token, attachmentId, until)}`
    },
    allows(token, attachmentId, { until, signature }) {
      if (!/^\d{1,15}$/.test(until) || Number(until) <= clock().getTime()) return false
      const right = Buffer.from(sign(token, attachmentId, until))
      const given = Buffer.from(signature)
      return right.length === given.length && timingSafeEqual(right, given)
    },
  }
}
