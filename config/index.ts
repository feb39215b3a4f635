import { type roles, type Setting, schema } from './schema.ts'

export type RunRole = (typeof roles)[number]

export interface Config {
  readonly host: string
  readonly port: number
  /** Without a slash at the end. */
  readonly publicUrl: string
  /** Nobody set it: where PORT is 0 the real address is known only after listening. */
  readonly publicUrlIsDefault: boolean
  readonly databaseUrl: string | undefined
  readonly dataDir: string
  readonly dataDirIsDefault: boolean
  readonly secretKey: string | undefined
  readonly admin: { readonly email: string; readonly password: string } | undefined
  readonly apiToken: string | undefined
  readonly roles: readonly RunRole[]
  readonly logLevel: string
  readonly metrics: boolean
  readonly trustProxy: false | readonly string[]
  readonly outboundAllow: readonly string[]
  /** undefined: the bot writes by itself. */
  readonly llm: { readonly url: string; readonly key?: string; readonly model: string } | undefined
  /** undefined: files lie under the data directory. */
  readonly s3:
    | { readonly endpoint: string; readonly bucket: string; readonly key: string; readonly secret: string }
    | undefined
}

/** The message is one line: which variable, what it was, what it may be. */
export class ConfigError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'ConfigError'
  }
}

export type Environment = Readonly<Record<string, string | undefined>>

/** The only reader of the environment; `instead` has the last word (options of a command). */
export function readConfig(environment: Environment = process.env, instead: Environment = {}): Config {
  const env = { ...environment, ...instead }
  const read = reader(env)
  const host = read('HOST') ?? ''
  const port = read('PORT') ?? 0
  const publicUrl = read('PUBLIC_URL')
  const trustProxy = read('TRUST_PROXY') ?? []
  return deepFreeze({
    host,
    port,
    publicUrl: publicUrl ?? `http://${addressOf(host)}:${port}`,
    publicUrlIsDefault: publicUrl === undefined,
    databaseUrl: read('DATABASE_URL'),
    dataDir: read('DATA_DIR') ?? '',
    dataDirIsDefault: !env['DATA_DIR'],
    secretKey: read('SECRET_KEY'),
    admin: adminOf(read('ADMIN_EMAIL'), read('ADMIN_PASSWORD')),
    apiToken: read('API_TOKEN'),
    roles: read('ROLES') ?? [],
    logLevel: read('LOG_LEVEL') ?? 'info',
    metrics: read('METRICS') ?? true,
    trustProxy: trustProxy.length > 0 && trustProxy,
    outboundAllow: read('OUTBOUND_ALLOW') ?? [],
    llm: llmOf({ LLM_URL: read('LLM_URL'), LLM_KEY: read('LLM_KEY'), LLM_MODEL: read('LLM_MODEL') }),
    s3: s3Of({
      S3_ENDPOINT: read('S3_ENDPOINT'),
      S3_BUCKET: read('S3_BUCKET'),
      S3_KEY: read('S3_KEY'),
      S3_SECRET: read('S3_SECRET'),
    }),
  })
}

type Schema = typeof schema
type Value<Name extends keyof Schema> = Schema[Name] extends { read: { _output: infer T } } ? T : never

function reader(env: Environment): <Name extends keyof Schema>(name: Name) => Value<Name> | undefined {
  return <Name extends keyof Schema>(name: Name) => {
    const setting: Setting = schema[name]
    const text = env[name] || setting.fallback
    if (text === undefined) return undefined
    const result = setting.read.safeParse(text)
    if (!result.success) throw new ConfigError(complaint(name, text, setting))
    return result.data as Value<Name>
  }
}

function complaint(name: string, text: string, setting: Setting): string {
  const was = setting.secret ? 'is not usable (its value is not shown)' : `is ${JSON.stringify(text.slice(0, 200))}`
  return `${name} ${was}; it must be ${setting.allowed}.`
}

function adminOf(email: string | undefined, password: string | undefined): Config['admin'] {
  if (email !== undefined && password !== undefined) return { email, password }
  if (email === undefined && password === undefined) return undefined
  const missing = email === undefined ? 'ADMIN_EMAIL' : 'ADMIN_PASSWORD'
  throw new ConfigError(`${missing} is not set; ADMIN_EMAIL and ADMIN_PASSWORD must be set together.`)
}

const s3Names = ['S3_ENDPOINT', 'S3_BUCKET', 'S3_KEY', 'S3_SECRET'] as const

function s3Of(given: Record<(typeof s3Names)[number], string | undefined>): Config['s3'] {
  const missing = s3Names.filter((name) => given[name] === undefined)
  if (missing.length === s3Names.length) return undefined
  if (missing.length > 0)
    throw new ConfigError(`${missing.join(', ')} is not set; ${s3Names.join(', ')} must be set together.`)
  const [endpoint = '', bucket = '', key = '', secret = ''] = s3Names.map((name) => given[name])
  return { endpoint, bucket, key, secret }
}

function llmOf(given: Record<'LLM_URL' | 'LLM_KEY' | 'LLM_MODEL', string | undefined>): Config['llm'] {
  const { LLM_URL: url, LLM_KEY: key, LLM_MODEL: model } = given
  if (url === undefined && key === undefined && model === undefined) return undefined
  if (url === undefined || model === undefined) throw new ConfigError('LLM_URL and LLM_MODEL must be set together.')
  return { url, model, ...(key !== undefined && { key }) }
}

/** An address that a browser on this machine can open. */
function addressOf(host: string): string {
  if (['0.0.0.0', '::', '127.0.0.1', '::1'].includes(host)) return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}

function deepFreeze<T extends object>(value: T): Readonly<T> {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) deepFreeze(part)
  return Object.freeze(value)
}
