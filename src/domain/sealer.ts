/** A secret at rest, as it stands in a jsonb column. Bytes in base64url. */
export interface Sealed {
  readonly keyId: string
  readonly nonce: string
  readonly tag: string
  readonly data: string
}

export interface Sealer {
  /** `context` is bound to the result: sealed for one row, it opens for no other. */
  seal(plain: string, context: string): Sealed
  /** Throws SealError when the key, the context or the bytes are not those it was sealed with. */
  open(sealed: Sealed, context: string): string
  /** 32 bytes for one purpose, for signing; never the sealing key itself. */
  deriveKey(purpose: string): Buffer
}

/** The message names neither the key nor the plain text. */
export class SealError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'SealError'
  }
}
