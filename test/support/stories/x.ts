import { dmEventOf, type Me, postEventsOf } from '../../../channels/x/parse.ts'
import { page, parseDm, parsePost } from '../../../channels/x/wire.ts'
import type { TellerOf } from './story.ts'

const me: Me = { id: '1111111111111111111', username: 'ExampleDesk' }
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

/** Mentions, whose edits are posts with ids of their own that know those before. */
export const xPostStory: TellerOf = (run) => {
  const author = String(3_000_000_000_000_000_000n + BigInt(run))
  const id = (k: number) => String(2_080_000_000_000_000_000n + BigInt(run * 100 + k))
  const firstOf = new Map<number, string>()
  return {
    does: ['edit'],
    externalId: (n) => firstOf.get(n) ?? '',
    tell: ({ n, k, at, text }, all) => {
      const before = all.filter((one) => one.n === n && one.k <= k).map((one) => id(one.k))
      firstOf.set(n, before[0] ?? '')
      const post = {
        id: id(k),
        text: escaped(text),
        author_id: author,
        conversation_id: before[0],
        created_at: at.toISOString(),
        edit_history_post_ids: before,
        entities: { mentions: [{ id: me.id, username: me.username, start: 0, end: 1 }] },
      }
      return { data: [post], includes: { users: [{ id: author, name: 'Ada', username: 'ada' }] } }
    },
    hear: (told) => {
      const { data, includes } = page.parse(told)
      return data.flatMap((raw) => {
        const post = parsePost(raw)
        return post ? postEventsOf(post, includes, me, raw) : []
      })
    },
  }
}

/** Direct messages, which nobody can change. */
export const xDirectStory: TellerOf = (run) => {
  const author = String(3_500_000_000_000_000_000n + BigInt(run))
  const id = (n: number) => String(2_090_000_000_000_000_000n + BigInt(run * 100 + n))
  return {
    does: [],
    externalId: id,
    tell: ({ n, at, text }) => ({
      data: [
        {
          id: id(n),
          event_type: 'MessageCreate',
          text: escaped(text),
          sender_id: author,
          dm_conversation_id: `${me.id}-${author}`,
          created_at: at.toISOString(),
        },
      ],
    }),
    hear: (told) => {
      const { data, includes } = page.parse(told)
      return data.flatMap((raw) => {
        const dm = parseDm(raw)
        return dm ? [dmEventOf(dm, includes, me, raw)] : []
      })
    },
  }
}
