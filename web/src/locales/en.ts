import { contact } from './en-contact.ts'
import { inbox } from './en-inbox.ts'
import { letters } from './en-letters.ts'
import { people } from './en-people.ts'
import { sample } from './en-sample.ts'
import { settings } from './en-settings.ts'
import { writing } from './en-writing.ts'

/** Everything said on screen. Plain, short, second person; never a word of the machinery. */
export const en = { ...inbox, ...contact, ...writing, ...letters, ...people, ...sample, ...settings }

export type Words = typeof en

/** The same keys in a language without a singular form. */
export type Localized<T> = {
  [K in keyof T as K extends `${string}_one` ? never : K]: T[K] extends string ? string : Localized<T[K]>
}
