import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Sealer } from '../domain/sealer.ts'

/** Addresses of pictures that a customer's mail names elsewhere: signed, so that we fetch nothing but what stood in a mail. */
export interface PictureLinks {
  /** Good for one to two hours. */
  urlOf(address: string): string
  verify(address: string, expires: string, signature: string): boolean
}

const HOUR_S = 3_600

export function createPictureLinks(sealer: Pick<Sealer, 'deriveKey'>, clock: () => Date): PictureLinks {
  const key = sealer.deriveKey('picture-links')
  const sign = (address: string, expires: string) =>
    createHmac('sha256', key).update(`${expires}.${address}`).digest('base64url')
  const nowS = () => Math.floor(clock().getTime() / 1000)
  return {
    urlOf: (address) => {
      const expires = String((Math.floor(nowS() / HOUR_S) + 2) * HOUR_S)
      return `/api/v1/pictures?${new URLSearchParams({ address, expires, signature: sign(address, expires) })}`
    },
    verify: (address, expires, signature) => {
      if (!/^[0-9]{1,12}$/.test(expires) || Number(expires) < nowS()) return false
      const expected = Buffer.from(sign(address, expires))
      const given = Buffer.from(signature)
      return given.length === expected.length && timingSafeEqual(given, expected)
    },
  }
}
