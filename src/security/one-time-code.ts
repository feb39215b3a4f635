import { randomBytes } from 'node:crypto'

// Clocks of phones are off by a little, and codes are typed slowly: one step before and one after, s.
const TOLERANCE_S = 30
const RECOVERY_CODES = 10
/** Crockford's: nothing in it is taken for something else. Five bits a letter, 80 a code. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/** Base32, 160 bits, and the address an authenticator app reads from a QR code. */
export async function newFactorSecret(label: string): Promise<{ secret: string; uri: string }> {
  const { generateSecret, generateURI } = await import('otplib')
  const secret = generateSecret()
  return { secret, uri: generateURI({ issuer: 'Tributary', label, secret }) }
}

/** The time step this code belongs to, to be taken once; null: it is not the code of about now. */
export async function stepOfCode(secret: string, code: string, now: Date): Promise<number | null> {
  const token = code.replace(/[\s-]/g, '')
  if (!/^\d{6}$/.test(token)) return null
  const { verifySync } = await import('otplib')
  const epoch = Math.floor(now.getTime() / 1000)
  const result = verifySync({ secret, token, epoch, epochTolerance: TOLERANCE_S })
  return result.valid && 'timeStep' in result ? result.timeStep : null
}

/** For the day the phone is gone; each `xxxx-xxxx-xxxx-xxxx`. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => {
    const letters = [...randomBytes(16)].map((byte) => ALPHABET[byte % 32]).join('')
    return letters.replace(/(.{4})(?=.)/g, '$1-')
  })
}

/** As it was made, however it was typed; null: it cannot be one. */
export function readRecoveryCode(typed: string): string | null {
  const letters = typed.toLowerCase().replace(/[\s-]/g, '').replace(/o/g, '0').replace(/[il]/g, '1')
  return /^[0-9a-hjkmnp-tv-z]{16}$/.test(letters) ? letters.replace(/(.{4})(?=.)/g, '$1-') : null
}
