import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { readConfig } from '../../config/index.ts'
import { checkAddress } from '../../src/cli/doctor-address.ts'
import { checkMachine } from '../../src/cli/doctor-machine.ts'
import { createReport, type Report } from '../../src/cli/doctor-report.ts'
import { checkWork } from '../../src/cli/doctor-work.ts'
import { noteBackup } from '../../src/cli/last-backup.ts'
import { testDatabase } from '../support/database.ts'
import { createInbox } from '../support/factories.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** What a check says, line by line, and how many of it are failures. */
async function lines(check: (report: Report) => Promise<void>): Promise<{ said: string[]; failures: number }> {
  const said: string[] = []
  const report = createReport({ say: (line) => said.push(line) })
  await check(report)
  return { said, failures: report.failures() }
}

async function answering(status: number, body: string, headers: Record<string, string> = {}): Promise<string> {
  const server = createServer((_request, response) => response.writeHead(status, headers).end(body))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const ask = (publicUrl: string, running = true) =>
  lines((report) => checkAddress({ publicUrl, publicUrlIsDefault: false, running }, report))

it('tries PUBLIC_URL while Tributary runs, and compares the clocks', async () => {
  expect(await ask(await answering(200, '{"status":"ok"}'))).toMatchObject({
    said: [expect.stringMatching(/^ok {3}address: \S+ leads here$/)],
    failures: 0,
  })
  expect(await ask(await answering(502, 'Bad gateway'))).toMatchObject({
    said: [expect.stringMatching(/^BAD {2}address: \S+ answers with 502 .* set PUBLIC_URL right/)],
    failures: 1,
  })
  const late = { date: new Date(Date.now() - 10_000).toUTCString() }
  const { said } = await ask(await answering(200, '{"status":"ok"}', late))
  expect(said[1]).toMatch(/^warn clock: it is (9|10) s off that of PUBLIC_URL/)
  const nobody = await ask('http://127.0.0.1:9')
  expect(nobody).toMatchObject({ said: [expect.stringContaining('cannot be reached (')], failures: 1 })
  expect(await ask('http://127.0.0.1:9', false)).toMatchObject({ failures: 0 })
})

it('looks at disk, files folder, key and the last backup', async () => {
  const dataDir = join(temporaryFolder(), 'data')
  mkdirSync(dataDir)
  const site = { dataDir, config: readConfig({ DATA_DIR: dataDir }) }
  const now = new Date('2026-05-10T00:00:00Z')
  const first = await lines((report) => checkMachine(site, report, now))
  expect(first.said.slice(1)).toEqual([
    `ok   files: ${dataDir}/files can be written`,
    'ok   key: none yet; the first start makes one',
    expect.stringMatching(/^warn backup: none was taken from here/),
  ])
  expect(first.said[0]).toMatch(/^(ok {3}|warn )disk: .* GB \(\d+ %\) free in /)
  writeFileSync(join(dataDir, 'secret.key'), 'k')
  noteBackup(dataDir, { takenAt: new Date('2026-05-01T00:00:00Z'), file: '/b.tar.gz' })
  const second = await lines((report) => checkMachine(site, report, now))
  expect(second.said[2]).toMatch(/^warn key: it lies beside the data that it opens/)
  expect(second.said[3]).toMatch(/^warn backup: the last one is of 2026-05-01.* 9 days old; run tributary backup FILE/)
  noteBackup(dataDir, { takenAt: new Date('2026-05-09T00:00:00Z'), file: '/b.tar.gz' })
  const given = { dataDir, config: readConfig({ DATA_DIR: dataDir, SECRET_KEY: 'x'.repeat(32) }) }
  const third = await lines((report) => checkMachine(given, report, now))
  expect(third.said.slice(2)).toEqual([
    'ok   key: given by SECRET_KEY',
    'ok   backup: the last one is of 2026-05-09T00:00:00.000Z (/b.tar.gz)',
  ])
  writeFileSync(join(temporaryFolder(), 'file'), '')
  const blocked = join(temporaryFolder(), 'blocked')
  mkdirSync(blocked)
  writeFileSync(join(blocked, 'files'), 'in the way')
  const fourth = await lines((report) => checkMachine({ ...given, dataDir: blocked }, report, now))
  expect(fourth).toMatchObject({ failures: 1 })
  expect(fourth.said[1]).toMatch(/^BAD {2}files: .* cannot be written .*; give it to the account/)
})

it('names work that was given up, messages put aside, and inboxes that receive nothing', async () => {
  const { db, close } = await testDatabase()
  onTestFinished(close)
  const q = db.pool
  expect(await lines((report) => checkWork(db, report, true))).toEqual({
    said: ['ok   work: nothing was given up'],
    failures: 0,
  })
  const names = ['fine', 'refused', 'gone', 'off'] as const
  for (const name of names) await createInbox(q, { name, enabled: name !== 'off' })
  await q.query(
    `update inbox set health = 'connected', lease_until = now() + interval '6 s' where name in ('fine', 'refused')`,
  )
  await q.query(`update inbox set health = 'badCredentials', health_error = 'Wrong password.' where name = 'refused'`)
  await q.query(`update inbox set health_since = now() - interval '1 hour', health = 'connected' where name = 'gone'`)
  await q.query(
    `insert into job (kind, payload, state) values ('fetch-attachment', '{}', 2), ('fetch-attachment', '{}', 2)`,
  )
  await q.query(`insert into inbound_event (inbox_id, event_id, kind, state, thread_key, occurred_at, reason)
    select id, 'e', 'message', 'quarantined', 't', now(), 'why' from inbox where name = 'fine'`)
  const running = await lines((report) => checkWork(db, report, true))
  expect(running.failures).toBe(4)
  expect(running.said[0]).toMatch(/^BAD {2}work: given up: 2 of fetch-attachment; see why and try again/)
  expect(running.said[1]).toMatch(/\(fine\): 1 of its messages could not be read/)
  expect(running.said[2]).toMatch(
    /\(refused\): receives nothing since \S+Z: Wrong password\. Enter the credentials anew/,
  )
  expect(running.said[3]).toMatch(/\(gone\): receives nothing since \S+Z: No running server process/)
  expect((await lines((report) => checkWork(db, report, false))).said).toHaveLength(2)
})
