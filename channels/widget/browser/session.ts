import { type Api, ApiError } from './api.ts'
import type { Storage } from './storage.ts'

/** Who the visitor is to the server. Nothing is stored in the browser before the visitor writes. */
export interface Session {
  /** undefined: unknown to the server so far. */
  token(): string | undefined
  /** Opens one where there is none. `keep`: the visitor wrote, so it is remembered. */
  ensure(keep: boolean): Promise<string>
  /** The token is no longer known to the server. */
  drop(): void
  identify(identity: string): Promise<void>
  signOut(): void
}

export function createSession(api: Api, storage: Storage): Session {
  let token = storage.read().token
  let identity: string | undefined
  let opening: Promise<string> | undefined
  let signOuts = 0

  async function open(known: string | undefined): Promise<string> {
    const body = { ...(known && { visitorToken: known }), ...(identity && { identity }) }
    const before = signOuts
    const answer = await api.session(body)
    // Whoever signed out while this was asked must not be remembered again.
    if (before !== signOuts) throw new ApiError(0, 'Signed out.')
    token = answer.visitorToken
    if (storage.read().token !== undefined) storage.write({ token })
    return token
  }

  return {
    token: () => token ?? storage.read().token,
    async ensure(keep) {
      // Another tab may have been first.
      token ??= storage.read().token
      if (token === undefined) {
        opening ??= open(undefined).finally(() => {
          opening = undefined
        })
        token = await opening
      }
      if (keep && storage.read().token !== token) storage.write({ token })
      return token
    },
    drop() {
      if (storage.read().token === token) storage.write({})
      token = undefined
    },
    async identify(signed) {
      identity = signed
      const known = token ?? storage.read().token
      token = await open(known)
    },
    signOut() {
      signOuts += 1
      opening = undefined
      token = undefined
      identity = undefined
      storage.clear()
    },
  }
}
