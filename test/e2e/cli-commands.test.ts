import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { stopped, tributaryDone, tributaryStarted } from '../support/cli-process.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const newData = () => ({ DATA_DIR: join(temporaryFolder(), 'data') })

test('help is there for the program and for every command, and mistakes are told with exit code 2', async () => {
  const help = await tributaryDone(['--help'])
  expect(help).toMatchObject({ code: 0, err: '' })
  const commands = [
    'start',
    'migrate',
    'doctor',
    'backup',
    'restore',
    'user add',
    'user reset',
    'token add',
    'inbox add',
    'articles import',
    'articles export',
  ]
  for (const command of commands) {
    expect(help.out).toContain(`  ${command} `)
    const own = await tributaryDone([...command.split(' '), '--help'])
    expect(own).toMatchObject({ code: 0, err: '' })
    expect(own.out).toContain(`Usage: tributary ${command}`)
  }
  expect(await tributaryDone(['fly'])).toMatchObject({ code: 2 })
  const wrong = await tributaryDone(['token', 'add', '--colour', 'red'])
  expect(wrong.code).toBe(2)
  expect(wrong.err).toContain('--colour')
  expect((await tributaryDone(['user', 'add'])).err).toContain('Needs EMAIL.')
})

test('commands work without a running server, and doctor says what is missing', async () => {
  const env = newData()
  const before = await tributaryDone(['doctor'], { env })
  expect(before.code).toBe(1)
  expect(before.out).toContain('BAD  tables: they are older than this release; run: tributary migrate')
  expect((await tributaryDone(['token', 'add', '--name', 'ci'], { env })).err).toContain('Run: tributary migrate')
  expect((await tributaryDone(['migrate'], { env })).out).toMatch(/^\d+ migrations? done\.\n$/)
  expect((await tributaryDone(['migrate'], { env })).out).toContain('Nothing to do')
  const after = await tributaryDone(['doctor'], { env })
  expect(after.out).toMatch(/^ok {3}configuration: data in .*\nok {3}database: PostgreSQL 18/)
  expect(after).toMatchObject({ code: 0, err: '' })
})

test('a user and a token made beside a running server can be used at once', async () => {
  const env = newData()
  const run = await tributaryStarted({ env })
  const password = 'correct horse battery staple'
  const added = await tributaryDone(
    ['user', 'add', 'Ada@example.com', '--name', 'Ada', '--role', 'admin', '--password-stdin'],
    {
      env,
      input: `${password}\n`,
    },
  )
  expect(added).toMatchObject({ code: 0, err: '' })
  const signIn = await fetch(`${run.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'ada@example.com', password }),
  })
  expect(signIn.status).toBeLessThan(300)
  const again = await tributaryDone(['user', 'add', 'ada@example.com'], { env })
  expect(again).toMatchObject({ code: 1, err: 'ada@example.com is already here.\n' })
  expect((await tributaryDone(['user', 'add', 'not-an-address'], { env })).code).toBe(2)
  expect((await tributaryDone(['user', 'reset', 'nobody@example.com'], { env })).err).toContain('Nobody here')
  const short = await tributaryDone(['user', 'reset', 'ada@example.com', '--password-stdin'], { env, input: 'short' })
  expect(short.err).toContain('shorter than 10')

  const token = await tributaryDone(['token', 'add', '--name', 'ci', '--scope', 'read', '--agent', 'ada@example.com'], {
    env,
  })
  const secret = token.out.trim()
  const conversations = await fetch(`${run.url}/api/v1/conversations`, {
    headers: { authorization: `Bearer ${secret}` },
  })
  expect(conversations.status).toBe(200)
  await stopped(run)
})

test('an inbox is added with its settings, and doctor tries its credentials', async () => {
  const env = newData()
  await tributaryDone(['migrate'], { env })
  const file = join(temporaryFolder(), 'secret')
  writeFileSync(file, 'a secret of at least thirty-two characters\n')
  const add = [
    'inbox',
    'add',
    '--channel',
    'widget',
    '--name',
    'Shop',
    '--setting',
    'origins:=["https://shop.example"]',
  ]
  const added = await tributaryDone([...add, '--setting', `identitySecret=@${file}`], { env })
  expect(added).toMatchObject({ code: 0, err: '', out: 'Inbox 1 (Shop) is here.\n' })
  const doctor = await tributaryDone(['doctor'], { env })
  expect(doctor.out).toContain('ok   inbox 1 (Shop)')
  const other = await tributaryDone(['doctor'], { env: { ...env, SECRET_KEY: 'x'.repeat(32) } })
  expect(other.code).toBe(1)
  expect(other.out).toMatch(/BAD {2}inbox 1 \(Shop\): Sealed under another key .* Set SECRET_KEY/)
  const unknown = await tributaryDone(['inbox', 'add', '--channel', 'fax', '--name', 'Fax'], { env })
  expect(unknown).toMatchObject({ code: 1, err: 'channel: There is no channel "fax" here.\n' })
  const wrong = await tributaryDone([...add, '--setting', 'greeting:=7'], { env })
  expect(wrong.err).toMatch(/^greeting: /)
})
