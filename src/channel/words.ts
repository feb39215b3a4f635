/** What a person reads of a channel in one language. */
export interface ChannelWords {
  readonly name: string
  readonly instructions: readonly string[]
  /** By the field's dotted path in the settings. */
  readonly fields: Readonly<Record<string, FieldWords>>
  /** Whatever else it says (limits, warnings, refusals), by the English sentence; `{}` stands for what differs each time. */
  readonly said?: Readonly<Record<string, string>>
}

export interface FieldWords {
  readonly title: string
  readonly description?: string
  /** What is read of each value to choose from. */
  readonly options?: Readonly<Record<string, string>>
  /** What is said of a value that does not fit, where no general sentence does. */
  readonly problem?: string
}
