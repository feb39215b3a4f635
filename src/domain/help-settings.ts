import type { LocaleSettings } from './help-locale.ts'

/** What may be said about the look of the pages; each is a custom property of their stylesheet. */
export const helpVariables = ['page', 'card', 'text', 'quiet', 'line', 'font', 'radius', 'measure'] as const
export type HelpVariable = (typeof helpVariables)[number]
type HelpVariables = Readonly<Partial<Record<HelpVariable, string | undefined>>>

export interface HelpSettings extends LocaleSettings {
  readonly enabled: boolean
  readonly name: string
  /** `#rrggbb`; made readable where it is too light or too dark. */
  readonly accent: string
  readonly logoId: string | null
  /** Where the logo leads; null: to the first page of the help centre. */
  readonly homeUrl: string | null
  /** Where the contact form writes to; null: there is none. */
  readonly contactInboxId: string | null
  readonly variables: HelpVariables
  /** In the dark, over `variables`. */
  readonly darkVariables: HelpVariables
}

export const usualHelpSettings: HelpSettings = {
  enabled: true,
  name: '',
  accent: '#0d6e85',
  logoId: null,
  homeUrl: null,
  contactInboxId: null,
  defaultLocale: 'en',
  fallbacks: {},
  variables: {},
  darkVariables: {},
}
