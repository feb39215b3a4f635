import { expect, test } from 'vitest'
import { ConfigError, readConfig } from '../../../config/index.ts'

test('an empty environment gives a server for this machine alone, with everything of its own', () => {
  expect(readConfig({})).toMatchObject({
    host: '127.0.0.1',
    port: 3000,
    publicUrl: 'http://localhost:3000',
    databaseUrl: undefined,
    dataDir: './data',
    dataDirIsDefault: true,
    roles: ['web', 'worker', 'connector'],
    logLevel: 'info',
    metrics: true,
    trustProxy: false,
    outboundAllow: [],
  })
})

test('a variable set to nothing counts as unset', () => {
  expect(readConfig({ PORT: '', DATABASE_URL: '', DATA_DIR: '' })).toEqual(readConfig({}))
})

test('what was set is read', () => {
  const config = readConfig({
    HOST: '::',
    PORT: '0',
    PUBLIC_URL: 'https://Support.Example.com/',
    DATABASE_URL: 'postgres://postgres@/db?host=/run/postgresql',
    DATA_DIR: '/srv/tributary',
    ADMIN_EMAIL: 'ada@example.com',
    ADMIN_PASSWORD: 'correct horse battery',
    ROLES: 'worker, web',
    METRICS: 'off',
    TRUST_PROXY: 'loopback,10.0.0.0/8',
    OUTBOUND_ALLOW: '127.0.0.1, crm.internal, fd00::/8',
  })
  expect(config).toMatchObject({
    port: 0,
    publicUrl: 'https://support.example.com',
    publicUrlIsDefault: false,
    databaseUrl: 'postgres://postgres@/db?host=/run/postgresql',
    dataDir: '/srv/tributary',
    dataDirIsDefault: false,
    admin: { email: 'ada@example.com', password: 'correct horse battery' },
    roles: ['worker', 'web'],
    metrics: false,
    trustProxy: ['loopback', '10.0.0.0/8'],
    outboundAllow: ['127.0.0.1', 'crm.internal', 'fd00::/8'],
  })
})

test.each([
  [{ PORT: 'abc' }, 'PORT is "abc"; it must be a whole number from 0 to 65535 (0: any free port).'],
  [{ PORT: '70000' }, 'PORT is "70000"; it must be a whole number'],
  [{ PORT: '-1' }, 'PORT is "-1"; it must'],
  [{ PUBLIC_URL: 'example.com' }, 'PUBLIC_URL is "example.com"; it must be a URL without a path'],
  [{ PUBLIC_URL: 'https://example.com/help' }, 'PUBLIC_URL is "https://example.com/help"; it must'],
  [{ PUBLIC_URL: 'javascript:alert(1)' }, 'PUBLIC_URL is'],
  [{ ROLES: 'web,cook' }, 'ROLES is "web,cook"; it must be a comma list of web, worker, connector.'],
  [{ ROLES: ',' }, 'ROLES is ","; it must'],
  [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL is "loud"; it must be one of fatal'],
  [{ METRICS: 'yes' }, 'METRICS is "yes"; it must be on or off.'],
  [{ TRUST_PROXY: 'true' }, 'TRUST_PROXY is "true"; it must'],
  [{ TRUST_PROXY: '10.0.0.0/33' }, 'TRUST_PROXY is "10.0.0.0/33"; it must'],
  [{ OUTBOUND_ALLOW: 'http://crm' }, 'OUTBOUND_ALLOW is "http://crm"; it must'],
  [{ ADMIN_EMAIL: 'ada', ADMIN_PASSWORD: 'long enough 1' }, 'ADMIN_EMAIL is "ada"; it must be a mail address'],
  [
    { ADMIN_EMAIL: 'ada@example.com' },
    'ADMIN_PASSWORD is not set; ADMIN_EMAIL and ADMIN_PASSWORD must be set together.',
  ],
])('%o is refused in one line that names the variable', (env, line) => {
  expect(() => readConfig(env)).toThrow(ConfigError)
  expect(() => readConfig(env)).toThrow(line)
  expect(() => readConfig(env)).toThrow(/^[^\n]+$/)
})

test.each([
  { SECRET_KEY: 'hunter2' },
  { API_TOKEN: 'hunter2' },
  { DATABASE_URL: 'mysql://root:hunter2@db/x' },
  { ADMIN_EMAIL: 'a@b.example', ADMIN_PASSWORD: 'hunter2' },
])('a secret that is refused is not repeated', (env) => {
  expect(() => readConfig(env)).toThrow('its value is not shown')
  expect(() => readConfig(env)).not.toThrow(/hunter2/)
})

test('a bucket is set with all it needs, or not at all', () => {
  const s3 = { S3_ENDPOINT: 'https://S3.example.com/', S3_BUCKET: 'inbox', S3_KEY: 'key', S3_SECRET: 'secret' }
  expect(readConfig({}).s3).toBeUndefined()
  expect(readConfig(s3).s3).toEqual({
    endpoint: 'https://s3.example.com',
    bucket: 'inbox',
    key: 'key',
    secret: 'secret',
  })
  expect(() => readConfig({ ...s3, S3_KEY: '', S3_BUCKET: '' })).toThrow(/^S3_BUCKET, S3_KEY is not set;.*together/)
})

test('nobody can change the configuration afterwards', () => {
  const config = readConfig({ TRUST_PROXY: 'loopback' })
  expect(Object.isFrozen(config)).toBe(true)
  expect(Object.isFrozen(config.trustProxy)).toBe(true)
  expect(Object.isFrozen(config.roles)).toBe(true)
})
