import { type Api, ApiError } from './api.ts'
import type { Storage } from './storage.ts'

/** Who the visitor is to the server. Nothing is stored in the browser before the visitor writes. */
export interface Session {
  /** undefined: unknown to the server so far. */
  token(): string | undefined
  /** Grows with every sign-out: what was begun before one must leave nothing behind after it. */
  visitor(): number
  /** Opens one where there is none, and remembers it: the visitor wrote. */
  ensure(): Promise<string>
  /** The token is no longer known to the server. */
  drop(): void
  /** Remembers what the website signed; `confirm` tells the server. */
  identify(identity: string): void
  /** True: from now on the visitor is somebody else. A refused identity is forgotten; without an answer it is tried again. */
  confirm(): Promise<boolean>
  signOut(): void
}

export function createSession(api: Api, storage: Storage): Session {
  let token = storage.read().token
  let identity: string | undefined
  let confirmed: string | undefined
  let opening: Promise<string> | undefined
  let signOuts = 0

  async function ask(): Promise<string> {
    const before = signOuts
    const signed = identity
    const known = token ?? storage.read().token
    try {
      const body = { ...(known && { visitorToken: known }), ...(signed && { identity: signed }) }
      const answer = await api.session(body)
      // Whoever signed out while this was asked must not be remembered again.
      if (before !== signOuts) throw new ApiError(0, 'Signed out.')
      token = answer.visitorToken
      confirmed = signed
    } catch (error) {
      if (error instanceof ApiError && error.status === 401 && identity === signed) identity = undefined
      throw error
    }
    if (storage.known()) storage.write({ token })
    return token
  }
  function open(): Promise<string> {
    opening ??= ask().finally(() => {
      opening = undefined
    })
    return opening
  }

  return {
    token: () => token ?? storage.read().token,
    visitor: () => signOuts,
    async ensure() {
      // Another tab may have been first.
      token ??= storage.read().token
      if (token === undefined || identity !== confirmed) token = await open()
      if (storage.read().token !== token) storage.write({ token })
      return token
    },
    drop() {
      if (storage.read().token === token) storage.write({})
      token = undefined
      confirmed = undefined
    },
    identify(signed) {
      identity = signed
    },
    async confirm() {
      if (identity === confirmed) return false
      await open()
      return true
    },
    signOut() {
      signOuts += 1
      opening = undefined
      token = undefined
      identity = undefined
      confirmed = undefined
      storage.clear()
    },
  }
}
