import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { expect, inject, onTestFinished, test } from 'vitest'
import { clientConfig } from '../../src/store/database.ts'
import { checkDatabase } from '../../src/store/database-check.ts'
import { emptyDatabase } from '../support/database.ts'
import { withDatabase } from '../support/database-target.ts'

async function connected(target: Parameters<typeof clientConfig>[0]): Promise<pg.Client> {
  const client = new pg.Client(clientConfig(target))
  client.on('error', () => {})
  await client.connect()
  onTestFinished(() => client.end())
  return client
}

/** A database made with these options. */
async function databaseWith(options: string): Promise<pg.Client> {
  const name = `test_${randomBytes(6).toString('hex')}`
  const administration = await connected(inject('administration'))
  await administration.query(`create database ${name} template template0 ${options}`)
  onTestFinished(async () => {
    await administration.query(`drop database ${name} with (force)`)
  })
  return connected(withDatabase(inject('administration'), name))
}

test('a database as we make them is fit, also when several processes look at once', async () => {
  const empty = await emptyDatabase()
  onTestFinished(() => empty.drop())
  const clients = await Promise.all([1, 2, 3].map(() => connected(empty.target)))
  expect(await Promise.all(clients.map((client) => checkDatabase(client)))).toEqual([[], [], []])
})

test('a ctype that knows no Chinese letters is refused with the statement that mends it', async () => {
  const client = await databaseWith(`encoding 'UTF8' locale 'C'${await providerOfC()}`)
  const [complaint, ...more] = await checkDatabase(client)
  expect(more).toEqual([])
  expect(complaint).toContain('knows no Chinese letters')
  expect(complaint).toContain("encoding 'UTF8' lc_ctype 'C.UTF-8'")
})

test('an encoding other than UTF8 is refused', async () => {
  const client = await databaseWith(`encoding 'LATIN1' locale 'C'${await providerOfC()}`)
  expect(await checkDatabase(client)).toEqual([expect.stringContaining('is encoded in LATIN1; create another')])
})

/** The embedded server's databases have the builtin provider, which must be left to ask for plain C. */
async function providerOfC(): Promise<string> {
  const client = await connected(inject('administration'))
  const { rows } = await client.query('show server_version_num')
  return Number(rows[0].server_version_num) >= 170_000 ? ' locale_provider libc' : ''
}
