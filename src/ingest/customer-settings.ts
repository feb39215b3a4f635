import type { CommonSettings, CustomerSettings } from '../domain/inbox.ts'

/** What is not said stays; what was never said is as usual. */
export function customerSettings(common: CommonSettings, current: CustomerSettings): CustomerSettings {
  const { acknowledge, news, progressDays } = common
  return {
    ...current,
    ...(acknowledge !== undefined && { acknowledge }),
    ...(news !== undefined && { news }),
    ...(progressDays !== undefined && { progressDays }),
  }
}
