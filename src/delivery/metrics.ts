import { Counter, Gauge, type Registry } from 'prom-client'
import type { Database } from '../store/database.ts'
import { countWaiting } from '../store/delivery-count.ts'

export interface DeliveryMetrics {
  settled(state: string): void
  fenced(): void
  reaped(count: number): void
  confirmed(count: number): void
  swept(count: number): void
}

export function deliveryMetrics(registry: Registry, db: Database): DeliveryMetrics {
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name: `tributary_deliveries_${name}_total`, help, labelNames, registers: [registry] })
  const settled = counter('settled', 'Attempts by the state they left the delivery in.', ['state'])
  const fenced = counter('fenced', 'Attempts whose lease was lost: nothing was changed.')
  const reaped = counter('reaped', 'Deliveries whose sender stopped in mid-flight.')
  const confirmed = counter('confirmed', 'Uncertain deliveries that the platform knew after all.')
  const swept = counter('swept', 'Heads of a lane that nobody had woken. Anything but 0 is a bug.')
  const waiting = new Gauge({
    name: 'tributary_deliveries_waiting',
    help: 'Deliveries that wait, by state.',
    labelNames: ['state'],
    registers: [registry],
    collect: async () => {
      const counts = await countWaiting(db.pool).catch(() => null)
      if (!counts) return
      waiting.set({ state: 'pending' }, counts.pending)
      waiting.set({ state: 'sending' }, counts.sending)
      waiting.set({ state: 'uncertain' }, counts.uncertain)
      oldest.set(counts.oldestS)
    },
  })
  const oldest = new Gauge({
    name: 'tributary_deliveries_oldest_seconds',
    help: 'Age of the oldest delivery that has not been sent.',
    registers: [registry],
  })
  return {
    settled: (state) => settled.inc({ state }),
    fenced: () => fenced.inc(),
    reaped: (count) => reaped.inc(count),
    confirmed: (count) => confirmed.inc(count),
    swept: (count) => swept.inc(count),
  }
}
