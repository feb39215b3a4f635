import { randomBytes } from 'node:crypto'

/** 22 characters: some platforms take no more than 25. */
export function newKey(): string {
  return randomBytes(16).toString('base64url')
}
