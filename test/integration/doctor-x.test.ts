import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from '../../config/index.ts'
import { checkInboxes } from '../../src/cli/doctor-inboxes.ts'
import { createReport } from '../../src/cli/doctor-report.ts'
import { createInbox } from '../../src/ingest/save-inbox.ts'
import { createSealer } from '../../src/security/seal.ts'
import { testDatabase } from '../support/database.ts'
import { startXPlatform } from '../support/stand-ins/x/platform.ts'
import { quickX, secretsOf } from '../support/stand-ins/x/subject.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const key = 'the secret key of the tests, long enough'

test('doctor says of wrong, expired and right credentials of X what is wrong and how to mend it', async () => {
  const [x, database] = await Promise.all([startXPlatform(), testDatabase()])
  onTestFinished(async () => {
    await x.close()
    await database.close()
  })
  const { db } = database
  const dataDir = temporaryFolder()
  const config = readConfig({ DATA_DIR: dataDir }, { DATA_DIR: dataDir, SECRET_KEY: key })
  const make = (name: string, settings: Record<string, unknown>) =>
    createInbox(
      { db, channels: [quickX], sealer: createSealer(key), clock: () => new Date() },
      { channel: 'x', name, settings },
    )
  await make('wrong', { ...x.settings('oauth1'), accessSecret: 'of another app' })
  await make('expired', { ...x.settings('oauth2'), refreshToken: 'used once before' })
  await make('right', x.settings('oauth1'))
  await db.pool.query(`update inbox set privacy_url = 'https://northstar.example/privacy' where name <> 'right'`)
  const said: string[] = []
  const report = createReport({ say: (line) => said.push(line) })
  const site = { db, config, dataDir } as unknown as Parameters<typeof checkInboxes>[0]
  await checkInboxes(site, [quickX], report)
  expect(said).toEqual([
    expect.stringMatching(
      /^BAD {2}inbox \d+ \(wrong\): X refuses the keys and tokens \(401\)\. In the developer console give/,
    ),
    expect.stringMatching(
      /^BAD {2}inbox \d+ \(expired\): X refuses the OAuth 2 credentials .* Authorize the app again and enter the new refresh token/,
    ),
    expect.stringMatching(/^ok {3}inbox \d+ \(right\): its platform takes the credentials/),
    // What is missing and stops nothing.
    expect.stringMatching(/^warn inbox \d+ \(right\): no privacy notice is set/),
  ])
  for (const secret of secretsOf(x)) expect(said.join('\n').includes(secret)).toBe(false)
})
