import { ingest } from './g1-ingest.ts'
import type { Bench } from './rate.ts'
import type { Line } from './report.ts'

type Measure = (bench: Bench) => Promise<readonly Line[]>

/** What `npm run bench -- NAME` runs. */
export const groups: Readonly<Record<string, readonly Measure[]>> = {
  ingest: [async (bench) => [await ingest(bench)]],
}
