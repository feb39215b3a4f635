import type { Availability } from '../../../src/wire/agent.ts'
import { cx } from './cx.ts'

const looks: Record<Availability, string> = {
  online: 'bg-success',
  away: 'bg-warning',
  // Hollow: told apart without colour.
  offline: 'bg-surface ring-1 ring-inset ring-control-line',
}

/** Says nothing to a screen reader: the word stands beside it or in a label. */
export function PresenceDot({ presence, className }: { presence: Availability; className?: string }) {
  return <span aria-hidden="true" className={cx('inline-block size-2.5 rounded-full', looks[presence], className)} />
}
