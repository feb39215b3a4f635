import pg from 'pg'
import type { ChannelAdapter } from '../channel/contract.ts'
import { ChannelError } from '../channel/errors.ts'
import type { Sealer } from '../domain/sealer.ts'
import type { Settings } from '../domain/secret-settings.ts'
import { clientConfig, type Database, type Queryable } from '../store/database.ts'
import { getInbox, type Inbox, replaceSecrets } from '../store/inbox.ts'
import { sealSettings, unsealSettings } from './inbox-settings.ts'

export interface RotateContext {
  readonly db: Database
  readonly sealer: Sealer
  readonly adapter: ChannelAdapter
  readonly inboxId: string
}

// A platform's token endpoint answers in seconds; whoever waits longer tries again later.
const lockWaitMs = 30_000
const saveTries = 5

/**
 * `next` runs alone in the whole installation, on the credentials as they are now, with no transaction open; what it
 * returns is committed before anybody else runs. A refresh token is worth one use: two processes that spend it at once
 * lose the account.
 */
export async function rotateCredentials<T extends Record<string, unknown>>(
  ctx: RotateContext,
  next: (current: T) => Promise<T>,
): Promise<T> {
  // A connection of its own: a session lock outlives transactions, and must not travel back into a pool.
  const guard = new pg.Client(clientConfig(ctx.db.target))
  guard.on('error', () => {})
  try {
    await lock(guard, ctx.inboxId)
    const inbox = await getInbox(guard, ctx.inboxId)
    if (inbox === null) throw new ChannelError({ kind: 'unavailable' }, 'The inbox no longer exists.')
    const current = unsealSettings(ctx.sealer, inbox)
    const changed = await next(structuredClone(current) as T)
    await save(ctx, guard, inbox, { ...current, ...changed })
    return changed
  } finally {
    // Ends the session and with it the lock.
    await guard.end().catch(() => {})
  }
}

async function lock(guard: pg.Client, inboxId: string): Promise<void> {
  try {
    await guard.connect()
    await guard.query(`set lock_timeout = ${lockWaitMs}`)
    await guard.query('select pg_advisory_lock(hashtextextended($1, 0))', [`tributary rotate ${inboxId}`])
  } catch (cause) {
    throw new ChannelError({ kind: 'unavailable' }, 'The credentials could not be locked for renewal.', { cause })
  }
}

async function save(ctx: RotateContext, guard: pg.Client, inbox: Inbox, settings: Settings): Promise<void> {
  ctx.adapter.parseSettings(settings)
  const sealed = sealSettings(ctx.sealer, ctx.adapter, inbox.id, settings)
  // The old token is spent: these must not be lost for one broken connection. Each try checks that nothing changed since.
  for (let tries = 1; ; tries++) {
    const q: Queryable = tries === 1 ? guard : ctx.db.pool
    try {
      if (await replaceSecrets(q, inbox, sealed)) return
      if (tries > 1 && (await alreadySaved(ctx, inbox, settings))) return
      throw new ChannelError({ kind: 'unavailable' }, 'The settings were changed while the credentials were renewed.')
    } catch (error) {
      if (error instanceof ChannelError || tries === saveTries) throw error
    }
  }
}

/** The try before this one committed, and only its answer was lost. */
async function alreadySaved(ctx: RotateContext, inbox: Inbox, settings: Settings): Promise<boolean> {
  const stored = await getInbox(ctx.db.pool, inbox.id)
  return stored !== null && JSON.stringify(unsealSettings(ctx.sealer, stored)) === JSON.stringify(settings)
}
