/** What customers are asked about one matter, as a channel may show it. By locale ('en', 'zh-TW') what they read. */
export interface ChannelForm {
  readonly topicId: string
  /** The desk's own name for it. */
  readonly topic: string
  readonly names: Readonly<Record<string, string>>
  readonly fields: readonly ChannelField[]
}

export interface ChannelField {
  readonly key: string
  readonly kind: string
  readonly labels: Readonly<Record<string, string>>
  readonly hint?: Readonly<Record<string, string>> | undefined
  readonly required: boolean
  /** Asked only where that field was answered so. */
  readonly when?: { readonly field: string; readonly is: readonly string[] } | undefined
  /** Of a choice. */
  readonly options?:
    | readonly { readonly value: string; readonly labels: Readonly<Record<string, string>> }[]
    | undefined
}

/** In this language, else in English, else whatever there is. */
export function formLabel(labels: Readonly<Record<string, string>>, locale: string): string {
  const wanted = [locale, locale.split('-')[0] ?? locale, 'en']
  const found = wanted.map((one) => (Object.hasOwn(labels, one) ? labels[one] : '')).find((one) => one)
  return found ?? Object.values(labels).find((one) => one !== '') ?? ''
}
