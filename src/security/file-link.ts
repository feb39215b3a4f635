import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Sealer } from '../domain/sealer.ts'

export interface FileLinks {
  /** Good for one to two hours; the same within an hour, so that browsers cache. Only for those who may see the file. */
  urlOf(fileId: string): string
  verify(fileId: string, expires: string, signature: string): boolean
}

const HOUR_S = 3_600

export function createFileLinks(sealer: Pick<Sealer, 'deriveKey'>, clock: () => Date): FileLinks {
  const key = sealer.deriveKey('file-links')
  const sign = (fileId: string, expires: string) =>
    createHmac('sha256', key).update(`${fileId}.${expires}`).digest('base64url')
  const nowS = () => Math.floor(clock().getTime() / 1000)
  return {
    urlOf: (fileId) => {
      const expires = String((Math.floor(nowS() / HOUR_S) + 2) * HOUR_S)
      return `/api/v1/files/${fileId}?expires=${expires}&signature=${sign(fileId, expires)}`
    },
    verify: (fileId, expires, signature) => {
      if (!/^[0-9]{1,12}$/.test(expires) || Number(expires) < nowS()) return false
      const expected = Buffer.from(sign(fileId, expires))
      const given = Buffer.from(signature)
      return given.length === expected.length && timingSafeEqual(given, expected)
    },
  }
}
