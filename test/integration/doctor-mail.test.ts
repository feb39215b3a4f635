import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { channels } from '../../channels/index.ts'
import { readConfig } from '../../config/index.ts'
import { checkInboxes } from '../../src/cli/doctor-inboxes.ts'
import { createReport } from '../../src/cli/doctor-report.ts'
import { createInbox } from '../../src/ingest/save-inbox.ts'
import { createSealer } from '../../src/security/seal.ts'
import { testDatabase } from '../support/database.ts'
import { freePort } from '../support/free-port.ts'
import { startSmtpStandIn } from '../support/smtp-stand-in.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const key = 'the secret key of the tests, long enough'
type Inboxes = Readonly<Record<string, Record<string, unknown>>>

/** What `tributary doctor` says of inboxes with these settings, in their order. */
async function told(channel: string, inboxes: Inboxes): Promise<string[]> {
  const { db, close } = await testDatabase()
  onTestFinished(close)
  const dataDir = temporaryFolder()
  const config = readConfig({ DATA_DIR: dataDir }, { DATA_DIR: dataDir, SECRET_KEY: key })
  const ground = { db, channels, sealer: createSealer(key), clock: () => new Date() }
  for (const [name, settings] of Object.entries(inboxes)) await createInbox(ground, { channel, name, settings })
  const said: string[] = []
  const site = { db, config, dataDir } as unknown as Parameters<typeof checkInboxes>[0]
  await checkInboxes(site, channels, createReport({ say: (line) => said.push(line) }))
  return said
}
const good = (name: string) =>
  expect.stringMatching(new RegExp(`^ok {3}inbox \\d+ \\(${name}\\): its platform takes the`))
const bad = (name: string, why: string, mend: string) =>
  expect.stringMatching(new RegExp(`^BAD {2}inbox \\d+ \\(${name}\\): .*${why}.*${mend}`))

test('doctor says of wrong, expired and right credentials of a mailbox what is wrong and how to mend it', async () => {
  const [relay, tokenUrl, port] = await Promise.all([startSmtpStandIn(), refusingTokens(), freePort()])
  onTestFinished(() => relay.close())
  const smtp = { host: '127.0.0.1', port: relay.port, security: 'none', user: 'support' }
  const base = { address: 'support@desk.test', receive: 'smtp', listen: { host: '127.0.0.1', port } }
  const oauth2 = { clientId: 'desk', clientSecret: 'of-the-app', refreshToken: 'used-a-year-ago', tokenUrl }
  const said = await told('email', {
    wrong: { ...base, smtp: { ...smtp, password: 'guessed-wrong' } },
    expired: { ...base, smtp, oauth2 },
    right: { ...base, smtp: { ...smtp, password: relay.password } },
  })
  expect(said).toEqual([
    bad('wrong', '535', 'Enter the right user name and password in the settings'),
    bad('expired', 'invalid_grant', 'enter the new refresh token'),
    good('right'),
  ])
  for (const secret of ['guessed-wrong', 'of-the-app', 'used-a-year-ago']) expect(said.join('\n')).not.toContain(secret)
})

test('doctor has nothing against a website chat: it has no credentials but its own', async () => {
  expect(await told('widget', { chat: { origins: ['https://northstar.example'] } })).toEqual([good('chat')])
})

/** A provider that ended the grant. */
async function refusingTokens(): Promise<string> {
  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"invalid_grant"}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`
}
