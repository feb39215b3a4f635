import { setTimeout as pause } from 'node:timers/promises'
import { startDiscord } from '../support/stand-ins/discord/platform.ts'
import type { Channel } from '../support/stand-ins/discord/state.ts'
import type { PlatformSite } from './platform-site.ts'

const sessionsKept = 3
/** Discord tells some things twice, and does not always let a session go on. */
const toldTwice = 0.02
const forgotten = 0.3

/** Every other customer writes directly, the rest in private threads of a support channel. */
export async function openDiscordSite(): Promise<PlatformSite> {
  const platform = await startDiscord()
  const { state, gateway } = platform
  const door = platform.channel('support')
  const places: Channel[] = []
  return {
    channel: 'discord',
    settings: platform.settings({ supportChannels: [{ id: door.id, open: 'button' }] }),
    whims: state.whims,
    join: (name) => {
      const who = platform.person(name)
      const direct = places.length % 2 === 0
      const place = direct ? platform.directChannel(who) : platform.thread(door, name)
      places.push(place)
      let isKnown = !direct
      return async (text) => {
        // A bot cannot list its direct channels: what is said in a new one while nobody listens is never found.
        while (!isKnown && !gateway.sessions.some(({ socket }) => socket)) await pause(20)
        isKnown = true
        if (Math.random() < toldTwice) gateway.switches.doubled += 1
        platform.write(place, who, text)
      }
    },
    held: () => places.flatMap(({ id }) => platform.held(id).map((text) => ({ text, chat: id }))),
    waiting: () => 0,
    trim: () => {
      state.calls.splice(0)
      gateway.sessions.splice(0, gateway.sessions.length - sessionsKept)
      for (const { kept, acknowledged } of gateway.sessions) {
        // The last one says which number comes next.
        kept.splice(0, kept.slice(0, -1).filter(({ s }) => s <= acknowledged).length)
      }
    },
    refuse: () => {
      gateway.switches.invalidateResumes = Math.random() < forgotten ? 1 : 0
      return platform.refuse()
    },
    resume: () => platform.resume(),
    close: () => platform.close(),
  }
}
