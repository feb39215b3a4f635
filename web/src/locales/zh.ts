import type { Localized, Words } from './en.ts'
import { contact } from './zh-contact.ts'
import { inbox } from './zh-inbox.ts'
import { letters } from './zh-letters.ts'
import { people } from './zh-people.ts'
import { sample } from './zh-sample.ts'
import { settings } from './zh-settings.ts'
import { writing } from './zh-writing.ts'

export const zh: Localized<Words> = { ...inbox, ...contact, ...writing, ...letters, ...people, ...sample, ...settings }
