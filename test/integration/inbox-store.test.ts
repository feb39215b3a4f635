import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SettingsError } from '../../src/channel/errors.ts'
import { unsealSettings, visibleSettings } from '../../src/ingest/inbox-settings.ts'
import { createInbox, type SaveContext, updateInbox } from '../../src/ingest/save-inbox.ts'
import { createSealer } from '../../src/security/seal.ts'
import { getInbox, listInboxes, removeInbox, retryInbox } from '../../src/store/inbox.ts'
import { acquireLeases } from '../../src/store/inbox-lease.ts'
import { testClock } from '../support/clock.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { loopChannel } from '../support/loop-channel/adapter.ts'
import { whileLocked } from '../support/waiting-for-locks.ts'

let on: TestDatabase
const clock = testClock()
const sealer = createSealer('the secret key of the tests, long enough')
let ctx: SaveContext

beforeAll(async () => {
  on = await testDatabase()
  ctx = { db: on.db, channels: [loopChannel], sealer, clock }
})
afterAll(() => on.close())

const settings = { apiUrl: 'http://127.0.0.1:9', token: 'tok-secret-1', webhookSecret: 'hook-secret-1' }
const make = (more: Record<string, unknown> = {}) =>
  createInbox(ctx, { channel: 'loop', name: 'Support', settings: { ...settings, ...more } })
const rowText = async (id: string) => {
  const { rows } = await on.db.pool.query('select to_jsonb(i)::text as text from inbox i where id = $1', [id])
  return (rows[0] as { text: string }).text
}

describe('an inbox', () => {
  test('keeps its secrets sealed and shows them as a mask', async () => {
    const inbox = await make()
    const text = await rowText(inbox.id)
    expect(text).not.toContain('tok-secret-1')
    expect(text).not.toContain('hook-secret-1')
    expect(visibleSettings(inbox)).toMatchObject({ apiUrl: 'http://127.0.0.1:9', token: '•••', webhookSecret: '•••' })
    expect(unsealSettings(sealer, inbox)).toEqual(settings)
  })

  test('has secrets that open for no other inbox', async () => {
    const [one, two] = [await make(), await make()]
    expect(() => unsealSettings(sealer, { ...two, secrets: one.secrets })).toThrow(/another row/)
  })

  test('names the field that cannot be used and stores nothing', async () => {
    const before = (await listInboxes(on.db.pool)).length
    const wrong: [Record<string, unknown>, string][] = [
      [{ apiUrl: 'ftp://x' }, 'apiUrl'],
      [{ reopenHours: -1 }, 'reopenHours'],
      [{ from: 'yesterday' }, 'from'],
      [{ privacyUrl: 'javascript:alert(1)' }, 'privacyUrl'],
      [{ surprise: 1 }, 'surprise'],
      [{ token: '•••' }, 'token'],
    ]
    for (const [more, field] of wrong) await expect(make(more)).rejects.toMatchObject({ name: 'SettingsError', field })
    await expect(make({ token: '•••' })).rejects.toThrow(/stands for a secret/)
    await expect(createInbox(ctx, { channel: 'nowhere', name: 'x', settings: {} })).rejects.toThrow(SettingsError)
    expect(await listInboxes(on.db.pool)).toHaveLength(before)
  })

  test('sent back as it was shown stays what it was', async () => {
    const inbox = await make({ from: '2026-01-01T00:00:00Z', reopenHours: 5, learn: true, textMax: 99 })
    const again = await updateInbox(ctx, inbox.id, { settings: visibleSettings(inbox) })
    expect(again && unsealSettings(sealer, again)).toEqual({ ...settings, textMax: 99 })
    expect(again && visibleSettings(again)).toEqual(visibleSettings(inbox))
  })

  test('changes only what a change names; null takes an optional field away', async () => {
    const inbox = await make({ textMax: 99, retentionDays: 30 })
    const next = await updateInbox(ctx, inbox.id, {
      settings: { token: 'tok-secret-2', textMax: null, retentionDays: null },
    })
    expect(next && unsealSettings(sealer, next)).toEqual({ ...settings, token: 'tok-secret-2' })
    expect(next).toMatchObject({ retentionDays: null, reopenHours: 72, name: 'Support' })
  })

  test('tells its connections of new settings, and of nothing else', async () => {
    const inbox = await make()
    const renamed = await updateInbox(ctx, inbox.id, { name: 'Renamed' })
    expect(renamed).toMatchObject({ name: 'Renamed', settingsVersion: inbox.settingsVersion })
    const changed = await updateInbox(ctx, inbox.id, { settings: { textMax: 50 } })
    expect(changed?.settingsVersion).toBe(inbox.settingsVersion + 1)
    await retryInbox(on.db.pool, inbox.id)
    expect((await getInbox(on.db.pool, inbox.id))?.settingsVersion).toBe(inbox.settingsVersion + 2)
  })

  test('is heard of by every process when it is added, changed and removed', async () => {
    const heard: string[] = []
    let ready = false
    const listener = on.db.notifications.listen(
      ['inbox'],
      (_, payload) => heard.push(payload),
      () => {
        ready = true
      },
    )
    try {
      await eventually(() => ready)
      const { id } = await make()
      await updateInbox(ctx, id, { name: 'Other' })
      await removeInbox(on.db.pool, id)
      await eventually(() => expect(heard).toEqual([id, id, id]))
    } finally {
      listener.close()
    }
  })

  test('that is removed leaves no credentials behind and is gone for everybody', async () => {
    const { id } = await make()
    expect(await removeInbox(on.db.pool, id)).toBe(true)
    expect(await getInbox(on.db.pool, id)).toBeNull()
    expect(await updateInbox(ctx, id, { name: 'x' })).toBeNull()
    expect(await removeInbox(on.db.pool, id)).toBe(false)
    expect(JSON.parse(await rowText(id))).toMatchObject({ secrets: null, enabled: false })
  })

  test('begins its live time when it is first switched on, and only then', async () => {
    const { id } = await createInbox(ctx, { channel: 'loop', name: 'Later', settings, enabled: false })
    clock.advance(3_600_000)
    const on1 = await updateInbox(ctx, id, { enabled: true })
    expect(on1).toMatchObject({ liveSince: clock(), importFrom: clock() })
    await acquireLeases(on.db.pool, { node: 'n', channels: ['loop'], limit: 1_000 })
    clock.advance(3_600_000)
    await updateInbox(ctx, id, { enabled: false })
    expect(await updateInbox(ctx, id, { enabled: true })).toMatchObject({ liveSince: on1?.liveSince })
  })

  test('changed by two administrators at once keeps both changes', async () => {
    const { id } = await make()
    const lock = { sql: 'select from inbox where id = $1 for update', values: [id], count: 2 }
    await whileLocked(on.db, lock, () =>
      Promise.all([
        updateInbox(ctx, id, { settings: { token: 'tok-secret-3' } }),
        updateInbox(ctx, id, { settings: { webhookSecret: 'hook-secret-3' } }),
      ]),
    )
    const inbox = await getInbox(on.db.pool, id)
    expect(inbox && unsealSettings(sealer, inbox)).toMatchObject({
      token: 'tok-secret-3',
      webhookSecret: 'hook-secret-3',
    })
  })
})
