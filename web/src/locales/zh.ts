import type { Localized, Words } from './en.ts'
import { contact } from './zh-contact.ts'
import { forms } from './zh-forms.ts'
import { help } from './zh-help.ts'
import { inbox } from './zh-inbox.ts'
import { letters } from './zh-letters.ts'
import { people } from './zh-people.ts'
import { progress } from './zh-progress.ts'
import { promises } from './zh-promises.ts'
import { routing } from './zh-routing.ts'
import { rules } from './zh-rules.ts'
import { sample } from './zh-sample.ts'
import { settings } from './zh-settings.ts'
import { writing } from './zh-writing.ts'

export const zh: Localized<Words> = {
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
