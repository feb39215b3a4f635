import { startXPlatform } from '../support/stand-ins/x/platform.ts'
import type { XUser } from '../support/stand-ins/x/state.ts'
import type { PlatformSite } from './platform-site.ts'

const firstId = 4_000_000_000_000_000_000n

/**
 * Direct messages to an account that is polled. X allows fifteen a quarter of an hour, and as many looks: nothing would be in
 * flight when something dies, so this X has no limits.
 */
export async function openXSite(): Promise<PlatformSite> {
  const x = await startXPlatform()
  const { state } = x
  let people = 0n
  return {
    channel: 'x',
    settings: { ...x.settings(), mentions: false },
    whims: state.whims,
    join: (name) => {
      people += 1n
      const from: XUser = { id: String(firstId + people), name, username: name.replace(/\W/g, '_') }
      state.users.set(from.id, from)
      return async (text) => void (await x.dm(text, { from }))
    },
    held: () =>
      state.dms
        .filter(({ sender }) => sender === state.me.id)
        .map(({ text, conversation }) => ({ text, chat: conversation })),
    waiting: () => 0,
    trim: () => {
      for (const books of [state.requests, state.activity]) books.splice(0)
      state.nonces.clear()
    },
    refuse: () => x.refuse(),
    resume: () => x.resume(),
    close: () => x.close(),
  }
}
