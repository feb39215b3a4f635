import type { Cells } from '../../channel-subject.ts'
import type { XPlatform } from './platform.ts'

/** Direct messages or posts as the customer sees them. */
export function xCells(platform: XPlatform, place: 'dm' | 'post'): Cells {
  const { state } = platform
  const mine = ({ sender, author }: { sender?: string; author?: string }) => (sender ?? author) === state.me.id
  return {
    shown: (id) => {
      const found =
        place === 'dm'
          ? state.dms.find((one) => one.id === id && mine(one))
          : state.posts.find((one) => one.id === id && mine(one) && !one.deleted)
      if (!found) return undefined
      const replyTo = 'replyTo' in found ? found.replyTo : undefined
      return { text: found.text, replyTo, files: found.media.map(({ bytes }) => bytes), buttons: [], reactions: [] }
    },
    sendFile: async (bytes) => {
      const media = [platform.picture(bytes, 'image/png')]
      await (place === 'dm'
        ? platform.dm('a picture', { media })
        : platform.post(`@${state.me.username} a picture`, { media }))
    },
  }
}
