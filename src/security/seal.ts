import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'
import type { Sealed, Sealer } from '../domain/sealer.ts'
import { SealError } from '../domain/sealer.ts'

// Sizes of AES-256-GCM in bytes; 96 random bits are safe for 2^32 seals under one key (NIST SP 800-38D, 8.3).
const nonceBytes = 12
const tagBytes = 16

interface SealingKey {
  readonly id: string
  readonly key: Buffer
}

/**
 * The first key seals and derives; all of them open, so that a changed SECRET_KEY can name its predecessor.
 */
export function createSealer(secretKey: string, formerKeys: readonly string[] = []): Sealer {
  const current = sealingKey(secretKey)
  const keys = new Map([secretKey, ...formerKeys].map(sealingKey).map((entry) => [entry.id, entry.key]))
  return {
    seal: (plain, context) => encrypt(current, plain, context),
    open: (sealed, context) => decrypt(keys, sealed, context),
    deriveKey: (purpose) => derive(secretKey, `purpose:${purpose}`),
  }
}

function derive(secretKey: string, info: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secretKey, 'tributary', info, 32))
}

function sealingKey(secretKey: string): SealingKey {
  if (secretKey.length < 16) throw new SealError('The secret key is shorter than 16 characters.')
  const key = derive(secretKey, 'seal')
  return { key, id: createHash('sha256').update(key).digest('hex').slice(0, 8) }
}

function encrypt(current: SealingKey, plain: string, context: string): Sealed {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', current.key, nonce, { authTagLength: tagBytes })
  cipher.setAAD(Buffer.from(context, 'utf8'))
  const data = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
  const [nonceText, tag, dataText] = [nonce, cipher.getAuthTag(), data].map((bytes) => bytes.toString('base64url'))
  return { keyId: current.id, nonce: nonceText ?? '', tag: tag ?? '', data: dataText ?? '' }
}

function decrypt(keys: ReadonlyMap<string, Buffer>, sealed: Sealed, context: string): string {
  const [nonce, tag, data] = [sealed.nonce, sealed.tag, sealed.data].map((text) =>
    Buffer.from(typeof text === 'string' ? text : '', 'base64url'),
  )
  // A shorter tag would be accepted by the cipher and is easier to guess.
  if (nonce?.length !== nonceBytes || tag?.length !== tagBytes || !data) throw new SealError('Not a sealed value.')
  const key = keys.get(sealed.keyId)
  if (!key) {
    throw new SealError(
      `Sealed under another key (${sealed.keyId}). Set SECRET_KEY to the key in use when it was saved.`,
    )
  }
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
    decipher.setAAD(Buffer.from(context, 'utf8'))
    decipher.setAuthTag(tag)
    return Buffer.concat([decipher.update(data), decipher.final()]).toString('utf8')
  } catch (cause) {
    throw new SealError('The sealed value was changed, or belongs to another row.', { cause })
  }
}
