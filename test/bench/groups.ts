import { botBanking, botClinc } from './bot-public-sets.ts'
import { botSamples } from './bot-samples.ts'
import { mailIngest } from './g-mail.ts'
import { ingest } from './g1-ingest.ts'
import { fullPath } from './g2-full-path.ts'
import { liveLatency } from './g3-live-latency.ts'
import { replyLatency } from './g4-reply-latency.ts'
import { idleMemory } from './g10-idle-memory.ts'
import { coldStart } from './g11-cold-start.ts'
import { widgetSize } from './g13-widget-size.ts'
import { helpSearch } from './h1-help-search.ts'
import { flatQueue, routingDecision } from './r1-routing.ts'
import { erlang } from './r3-erlang.ts'
import type { Bench } from './rate.ts'
import type { Line } from './report.ts'

type Measure = (bench: Bench) => Promise<readonly Line[]>

/** What `npm run bench -- NAME` runs. */
export const groups: Readonly<Record<string, readonly Measure[]>> = {
  ingest: [async (bench) => [await ingest(bench)]],
  path: [async (bench) => [await fullPath(bench)], async (bench) => [await liveLatency(bench)]],
  reply: [async (bench) => [await replyLatency(bench)]],
  mail: [mailIngest],
  start: [coldStart, async (bench) => [await idleMemory(bench)]],
  widget: [widgetSize],
  help: [helpSearch],
  bot: [botSamples, botBanking, botClinc],
  routing: [routingDecision, flatQueue, async (bench) => [await erlang(bench)]],
}
