import { messageOf } from '../../../channels/widget/parse.ts'
import type { TellerOf } from './story.ts'

/** What a visitor's page sends, and sends again until it is told that it arrived. */
export const widgetStory: TellerOf = (run, inboxId) => ({
  does: [],
  externalId: (n) => `${run}:message-${n}`,
  tell: ({ n, at, text }) => ({
    visitor: { id: String(run), identity: null },
    clientId: `message-${n}`,
    at,
    text,
    attachments: [],
  }),
  hear: (told) => [messageOf(inboxId, told as Parameters<typeof messageOf>[1])],
})
