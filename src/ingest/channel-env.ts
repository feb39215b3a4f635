import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Logger } from 'pino'
import type { ChannelAdapter, ChannelEnv } from '../channel/contract.ts'
import type { Sealer } from '../domain/sealer.ts'
import type { Files } from '../files/files.ts'
import type { OutboundAllow } from '../security/outbound-address.ts'
import { createOutboundFetch } from '../security/outbound-fetch.ts'
import type { Database } from '../store/database.ts'
import { shownForms } from '../store/form.ts'
import { createDoors, type Doors } from './doors.ts'
import { fileKeeper } from './keep-file.ts'
import { rotateCredentials } from './rotate-credentials.ts'

export interface EnvContext {
  readonly db: Database
  readonly sealer: Sealer
  readonly publicUrl: string
  readonly log: Logger
  readonly clock: () => Date
  readonly outboundAllow: OutboundAllow
  readonly files: Pick<Files, 'store'>
  /** Absent: nothing is shared, as where only credentials are tried. */
  readonly doors?: Doors
}

// Longer than any platform holds a long poll open; the caller's own signal ends a call sooner.
const longestCallMs = 180_000

export function createChannelEnv(
  ctx: EnvContext,
  inbox: { readonly id: string; readonly importFrom: Date },
  adapter: ChannelAdapter,
  settings: unknown,
): ChannelEnv {
  const inboxId = inbox.id
  const hosts = new Set([...ctx.outboundAllow.hosts, ...hostsIn(settings)])
  return {
    inboxId,
    publicUrl: ctx.publicUrl,
    ...createSigner(ctx.sealer.deriveKey(`inbox:${inboxId}`)),
    fetch: createOutboundFetch({ allow: { ...ctx.outboundAllow, hosts }, maxMs: longestCallMs }),
    clock: ctx.clock,
    log: ctx.log.child({ inbox: inboxId, channel: adapter.id }),
    rotateCredentials: (next) => rotateCredentials({ db: ctx.db, sealer: ctx.sealer, adapter, inboxId }, next),
    importFrom: inbox.importFrom,
    forms: () => shownForms(ctx.db.pool),
    files: fileKeeper(ctx.files, inboxId),
    listen: (address, open) => (ctx.doors ?? createDoors()).open(address, open),
  }
}

function createSigner(key: Buffer): Pick<ChannelEnv, 'sign' | 'verify'> {
  const digest = (data: string) => createHmac('sha256', key).update(data, 'utf8').digest()
  return {
    sign: (data) => digest(data).toString('base64url'),
    verify: (data, signature) => {
      const given = Buffer.from(signature, 'base64url')
      const expected = digest(data)
      return given.length === expected.length && timingSafeEqual(given, expected)
    },
  }
}

/** Whoever may set up an inbox names its servers, also private ones: in URLs, and in fields called `host`. */
function hostsIn(settings: unknown, name = ''): string[] {
  if (typeof settings === 'object' && settings !== null) {
    return Object.entries(settings).flatMap(([key, value]) => hostsIn(value, key))
  }
  if (typeof settings !== 'string') return []
  if (/^(https?|wss?):\/\//i.test(settings) && URL.canParse(settings)) {
    return [new URL(settings).hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase()]
  }
  return name === 'host' ? [settings.toLowerCase()] : []
}
