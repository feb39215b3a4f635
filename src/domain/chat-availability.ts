import { type Calendar, isOpen, nextOpening } from './calendar.ts'

/** When and for whom live chat is offered; what is left out closes it for nobody. */
export interface ChatRules {
  /** The name of business hours. */
  readonly hours?: string | undefined
  /** Countries, ISO 3166: 'JP'. */
  readonly regions?: readonly string[] | undefined
  /** Of the signed identity. */
  readonly tiers?: readonly string[] | undefined
  /** Beginnings of paths. */
  readonly pages?: readonly string[] | undefined
  /** With more of them waiting it is closed. */
  readonly mostWaiting?: number | undefined
}

export interface ChatFacts {
  readonly at: number
  /** null: no hours are named, or they are gone. */
  readonly calendar: Calendar | null
  /** null: nobody said. */
  readonly country: string | null
  readonly tier: string | null
  readonly path: string | null
  readonly waiting: number
}

export interface ChatAvailability {
  readonly open: boolean
  /** 'elsewhere': not for this visitor, or not on this page. */
  readonly why: 'hours' | 'busy' | 'elsewhere' | null
  /** When people are back; null: that is not what it waits for, or nobody knows. */
  readonly opensAt: number | null
}

export function chatAvailability(rules: ChatRules, facts: ChatFacts): ChatAvailability {
  const closed = (why: 'hours' | 'busy' | 'elsewhere', opensAt: number | null = null) => ({ open: false, why, opensAt })
  const { regions = [], tiers = [], pages = [], mostWaiting } = rules
  const { at, calendar, country, tier, path, waiting } = facts
  // Who may not be served must not be taken for somebody who may because nothing is known of them.
  const here = regions.length === 0 || regions.some((one) => one.toUpperCase() === country?.toUpperCase())
  const entitled = tiers.length === 0 || (tier !== null && tiers.includes(tier))
  const offered = pages.length === 0 || path === null || pages.some((page) => path.startsWith(page))
  if (!here || !entitled || !offered) return closed('elsewhere')
  if (!isOpen(calendar, at)) return closed('hours', nextOpening(calendar, at))
  return mostWaiting !== undefined && waiting > mostWaiting ? closed('busy') : { open: true, why: null, opensAt: null }
}
