import { type ChannelField, type ChannelForm, formLabel } from '../../src/channel/form.ts'
import type { Interaction, Message } from './wire.ts'

/** Asked before the private thread opens: nobody is let in without a question. */
const formId = 'tributary:form'
const fieldPrefix = 'field:'
/** https://docs.discord.com/developers/components/reference */
const most = { title: 45, label: 45, placeholder: 100, rows: 5, option: 100, options: 25 }
const cut = (text: string, length: number) => [...text].slice(0, length).join('').trim()
const line = (custom_id: string, label: string, more: object) => {
  return { type: 1, components: [{ type: 4, custom_id, label: cut(label, most.label) || '?', ...more }] }
}
const words = { subject: 'Subject · 主题', text: 'What happened? · 发生了什么？', title: 'Contact support · 联系客服' }

/** https://docs.discord.com/developers/interactions/receiving-and-responding */
export const plainForm = {
  type: 9,
  data: {
    custom_id: formId,
    title: words.title,
    components: [
      line('subject', words.subject, { style: 1, max_length: 100, required: false }),
      line('text', words.text, { style: 2, max_length: 4_000, required: true }),
    ],
  },
}

/** What hangs on an answer cannot be asked here, nor more than fits: that is asked in the thread. */
const asksHere = ({ fields }: ChannelForm) => fields.filter(({ when }) => !when).slice(0, most.rows - 1)

/** `alone`: there is no other form to choose, so what it asks may not concern them. Together it fits one card: 6,000 characters. */
export function topicForm(form: ChannelForm, locale: string, alone: boolean) {
  const rows = asksHere(form).map((field) => {
    const { key, kind, labels, required } = field
    const placeholder = cut(placeholderOf(field, locale), most.placeholder)
    const long = kind === 'text'
    const more = { style: long ? 2 : 1, max_length: long ? 800 : 200, required: required && !alone }
    return line(`${fieldPrefix}${key}`, formLabel(labels, locale) || key, {
      ...more,
      ...(placeholder && { placeholder }),
    })
  })
  const components = [line('text', words.text, { style: 2, max_length: 2_000, required: true }), ...rows]
  const title = cut(nameOf(form, locale), most.title) || words.title
  return { type: 9, data: { custom_id: `${formId}:${form.topicId}`, title, components } }
}

function placeholderOf({ hint, options }: ChannelField, locale: string): string {
  if (options) return options.map(({ value, labels }) => formLabel(labels, locale) || value).join(' / ')
  return hint ? formLabel(hint, locale) : ''
}

export const nameOf = ({ names, topic }: ChannelForm, locale: string): string => formLabel(names, locale) || topic

const topicsId = 'tributary:topic'
const elsewhere = 'other'

/** Which of several forms; only who asked sees it. */
export function topicMenu(forms: readonly ChannelForm[], locale: string) {
  const options = forms
    .slice(0, most.options - 1)
    .map((form) => ({ value: form.topicId, label: cut(nameOf(form, locale), most.option) }))
  const other = { value: elsewhere, label: 'Something else · 其他问题' }
  const menu = { type: 3, custom_id: topicsId, options: [...options, other] }
  const content = 'What is it about? · 您想咨询什么？'
  return { type: 4, data: { content, flags: 64, components: [{ type: 1, components: [menu] }] } }
}

export const choosesTopic = ({ type, data }: Interaction): boolean => type === 3 && data.custom_id === topicsId
export const isForm = ({ type, data }: Interaction): boolean =>
  type === 5 && (data.custom_id === formId || data.custom_id.startsWith(`${formId}:`))

export interface Asked {
  readonly subject: string
  readonly text: string
  readonly topicId?: string
  readonly locale?: string
  /** In the words of the form. */
  readonly fields?: readonly { readonly name: string; readonly value: string }[]
}

/** However the fields are boxed. */
export function answersIn({ data, locale = 'en' }: Interaction, forms: readonly ChannelForm[]): Asked {
  const found = new Map<unknown, string>()
  JSON.stringify(data.components ?? [], (_, part) => {
    if (typeof part?.value === 'string') found.set(part.custom_id, part.value.trim())
    return part
  })
  const plain = { subject: found.get('subject') ?? '', text: found.get('text') ?? '' }
  const form = forms.find(({ topicId }) => data.custom_id === `${formId}:${topicId}`)
  if (!form) return plain
  const fields = asksHere(form).flatMap(({ key, labels }) => {
    const value = found.get(`${fieldPrefix}${key}`)
    return value ? [{ name: cut(formLabel(labels, locale), 200) || key, value }] : []
  })
  return { ...plain, subject: plain.subject || cut(nameOf(form, locale), 90), topicId: form.topicId, locale, fields }
}

/** What was asked stands first in the thread, where the history keeps it: it is the customer's, though the bot says it. */
export function asMessage(who: string, { subject, text, topicId, locale, fields }: Asked, interaction: string) {
  const footer = topicId !== undefined && { footer: { text: `${topicId} · ${locale ?? 'en'}` } }
  const rows = fields?.map((field) => ({ ...field, inline: false }))
  const more = { ...(rows?.length && { fields: rows }), ...footer }
  return {
    content: `<@${who}>`,
    embeds: [{ ...(subject && { title: subject }), description: text, ...more }],
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
  const [, topicId, locale] = /^(\d{1,19}) · ([\w-]{2,35})$/.exec(card.footer?.text ?? '') ?? []
  const asked = { who, subject: card.title ?? '', text: card.description ?? '' }
  if (topicId === undefined || locale === undefined) return asked
  const fields = card.fields.map(({ name = '', value = '' }) => ({ name, value }))
  return { ...asked, topicId, locale, fields }
}

/** What a card says, by the keys of the form; what was called otherwise then is text only. */
export function filledIn({ topicId, locale, fields = [] }: Asked, forms: readonly ChannelForm[]) {
  const form = forms.find((one) => one.topicId === topicId)
  if (!form) return null
  const known = ({ key, labels }: ChannelField) => [key, ...Object.values(labels).map((one) => cut(one, 200))]
  const answers = fields.flatMap(({ name, value }) => {
    const field = form.fields.find((one) => known(one).includes(name))
    return field ? [[field.key, value] as const] : []
  })
  const told = { topicId: form.topicId, answers: Object.fromEntries(answers), partial: true as const }
  return { ...told, ...(locale && { language: locale }) }
}

export const readAloud = ({ text, fields = [] }: Asked): string =>
  [text, fields.map(({ name, value }) => `${name}: ${value}`).join('\n')].filter(Boolean).join('\n\n')
