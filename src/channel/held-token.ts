/** Access tokens of one connection, in memory only. */
export interface AccessTokens {
  /** One that is still good for a minute at least; asks for a new one when there is none. */
  get(): Promise<string>
  /** It was refused, whatever its age. */
  forget(token: string): void
}

const safetyMs = 60_000

/** Whoever asks while one is being had gets that one: what buys it may be worth one use. `lifeMs` counts from the asking. */
export function holdToken(
  clock: () => Date,
  buy: () => Promise<{ readonly token: string; readonly lifeMs: number }>,
): AccessTokens {
  let held: { readonly token: string; readonly until: number } | null = null
  let asking: Promise<string> | null = null

  async function refresh(): Promise<string> {
    const asked = clock().getTime()
    const { token, lifeMs } = await buy()
    held = { token, until: asked + lifeMs - safetyMs }
    return token
  }

  return {
    get: () => {
      if (held && clock().getTime() < held.until) return Promise.resolve(held.token)
      asking ??= refresh().finally(() => {
        asking = null
      })
      return asking
    },
    forget: (token) => {
      if (held?.token === token) held = null
    },
  }
}
