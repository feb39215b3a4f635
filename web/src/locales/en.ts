import { contact } from './en-contact.ts'
import { forms } from './en-forms.ts'
import { help } from './en-help.ts'
import { inbox } from './en-inbox.ts'
import { letters } from './en-letters.ts'
import { people } from './en-people.ts'
import { progress } from './en-progress.ts'
import { promises } from './en-promises.ts'
import { routing } from './en-routing.ts'
import { rules } from './en-rules.ts'
import { sample } from './en-sample.ts'
import { settings } from './en-settings.ts'
import { writing } from './en-writing.ts'

/** Everything said on screen. Plain, short, second person; never a word of the machinery. */
export const en = {
  ...inbox,
  ...contact,
  ...help,
  ...letters,
  ...people,
  ...progress,
  ...promises,
  ...routing,
  ...forms,
  ...rules,
  ...sample,
  ...writing,
  ...settings,
}

export type Words = typeof en

/** The same keys in a language without a singular form. */
export type Localized<T> = {
  [K in keyof T as K extends `${string}_one` ? never : K]: T[K] extends string ? string : Localized<T[K]>
}
