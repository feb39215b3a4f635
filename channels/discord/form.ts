import type { Interaction, Message } from './wire.ts'

/** Asked before the private thread opens: nobody is let in without a question. */
const formId = 'tributary:form'
const line = (custom_id: string, label: string, more: object) => {
  return { type: 1, components: [{ type: 4, custom_id, label, ...more }] }
}

/** https://docs.discord.com/developers/interactions/receiving-and-responding; a title and labels have 45 characters at most. */
export const form = {
  type: 9,
  data: {
    custom_id: formId,
    title: 'Contact support · 联系客服',
    components: [
      line('subject', 'Subject · 主题', { style: 1, max_length: 100, required: false }),
      line('text', 'What happened? · 发生了什么？', { style: 2, max_length: 4_000, required: true }),
    ],
  },
}

export const isForm = ({ type, data }: Interaction): boolean => type === 5 && data.custom_id === formId

interface Asked {
  readonly subject: string
  readonly text: string
}

/** However the fields are boxed. */
export function answersIn({ data }: Interaction): Asked {
  const found = new Map<unknown, string>()
  JSON.stringify(data.components ?? [], (_, part) => {
    if (typeof part?.value === 'string') found.set(part.custom_id, part.value.trim())
    return part
  })
  return { subject: found.get('subject') ?? '', text: found.get('text') ?? '' }
}

/** What was asked stands first in the thread, where the history keeps it: it is the customer's, though the bot says it. */
export function asMessage(who: string, { subject, text }: Asked, interaction: string) {
  return {
    content: `<@${who}>`,
    embeds: [{ ...(subject && { title: subject }), description: text }],
    allowed_mentions: { users: [who] },
    nonce: `form.${interaction}`.slice(0, 25),
    enforce_nonce: true,
  }
}

/** null: it is none. No answer of ours looks so: an address that unfurls stands in its words. */
export function formOf({ content, embeds }: Pick<Message, 'content' | 'embeds'>): (Asked & { who: string }) | null {
  const [card, ...others] = embeds
  const who = /^<@(\d{1,19})>$/.exec(content)?.[1]
  if (who === undefined || !card || others.length > 0 || card.url || (card.type ?? 'rich') !== 'rich') return null
  return { who, subject: card.title ?? '', text: card.description ?? '' }
}
