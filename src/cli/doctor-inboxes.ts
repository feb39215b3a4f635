import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import type { ChannelAdapter } from '../channel/contract.ts'
import { filesIn } from '../files/files.ts'
import { openBlobs } from '../files/open-blobs.ts'
import { createChannelEnv } from '../ingest/channel-env.ts'
import { unsealSettings } from '../ingest/inbox-settings.ts'
import { parseOutboundAllow } from '../security/outbound-address.ts'
import { createSealer } from '../security/seal.ts'
import { readSecretKey } from '../security/secret-key.ts'
import { type Inbox, listInboxes } from '../store/inbox.ts'
import type { Report } from './doctor-report.ts'
import { oneLine } from './one-line.ts'
import type { OpenSite } from './site.ts'

/** For one platform to answer, ms. */
const patience = 20_000

/** Only looks: neither health nor settings of an inbox change. */
export async function checkInboxes(site: OpenSite, channels: readonly ChannelAdapter[], report: Report): Promise<void> {
  for (const inbox of await listInboxes(site.db.pool)) {
    const what = `inbox ${inbox.id} (${inbox.name})`
    if (!inbox.enabled) report.good(what, 'switched off')
    else
      await tryInbox(site, channels, inbox).then(
        () => report.good(what, 'its platform takes the credentials'),
        (error: unknown) => report.bad(what, oneLine(error)),
      )
    const asks = channels.find(({ id }) => id === inbox.channel)?.asksPrivacyPage
    if (inbox.enabled && asks && inbox.privacyUrl === null)
      report.warn(what, 'no privacy notice is set, which customers of this platform must be able to read: set it')
  }
}

async function tryInbox(site: OpenSite, channels: readonly ChannelAdapter[], inbox: Inbox): Promise<void> {
  const adapter = channels.find(({ id }) => id === inbox.channel)
  if (!adapter) throw new Error(`This release has no channel "${inbox.channel}".`)
  const { db, config, dataDir } = site
  const sealer = createSealer(readSecretKey(dataDir, config.secretKey).key)
  const settings = adapter.parseSettings(unsealSettings(sealer, inbox))
  const context = {
    db,
    sealer,
    publicUrl: config.publicUrl,
    log: pino({ level: 'silent' }),
    clock: () => new Date(),
    outboundAllow: parseOutboundAllow(config.outboundAllow),
    files: filesIn(db, await openBlobs(dataDir, config.s3)),
  }
  const connecting = adapter.connect(settings, createChannelEnv(context, inbox, adapter, settings))
  const late = new AbortController()
  const connection = await Promise.race([
    connecting,
    sleep(patience, undefined, { signal: late.signal }).then(() => {
      throw new Error(`The platform did not answer within ${patience / 1000} s.`)
    }),
  ])
  late.abort()
  await connection.close()
}
