import { BlockList, isIP } from 'node:net'
import { z } from 'zod'

/** One environment variable: how it is read, and what the documentation says of it. */
export interface Setting<T = unknown> {
  readonly read: z.ZodType<T, string>
  /** Of the unset (or empty) variable, as somebody would write it; undefined: there is none. */
  readonly fallback: string | undefined
  /** Completes "must be …". */
  readonly allowed: string
  readonly about: string
  readonly secret?: true
}

export const roles = ['web', 'worker', 'connector'] as const
const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
)
const hostName = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_]([a-z0-9_-]{0,62}))*$/i

function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0) return false
  if (bits === undefined) return true
  try {
    new BlockList().addSubnet(address, Number(bits), family === 4 ? 'ipv4' : 'ipv6')
    return /^\d+$/.test(bits)
  } catch {
    return false
  }
}

/** A scheme, a host, perhaps a port, and nothing else. */
function isOrigin(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return url !== undefined && /^https?:$/.test(url.protocol) && url.origin === text.replace(/\/$/, '').toLowerCase()
}

const proxies = ['loopback', 'linklocal', 'uniquelocal']

export const schema = {
  HOST: {
    read: z.string().regex(/^[^\s/]+$/),
    fallback: '127.0.0.1',
    allowed: 'an address or host name of this machine',
    about: 'Where the server listens. `0.0.0.0` is every interface: put a proxy with TLS in front.',
  },
  PORT: {
    read: z.string().regex(/^\d+$/).transform(Number).pipe(z.number().max(65_535)),
    fallback: '3000',
    allowed: 'a whole number from 0 to 65535 (0: any free port)',
    about: 'The port it listens on.',
  },
  PUBLIC_URL: {
    read: z
      .string()
      .refine(isOrigin)
      .transform((text) => new URL(text).origin),
    fallback: undefined,
    allowed: 'a URL without a path, like https://support.example.com',
    about:
      'The address people and platforms reach this server by. Unset: `http://HOST:PORT`. With `https:`, cookies are `Secure`.',
  },
  DATABASE_URL: {
    read: z.string().regex(/^postgres(ql)?:\/\/.+/),
    fallback: undefined,
    allowed: 'a URL like postgres://user:password@host:5432/database',
    about: 'A PostgreSQL 15 or newer. Unset: one of our own is started under `DATA_DIR`.',
    secret: true,
  },
  DATA_DIR: {
    read: z.string().min(1),
    fallback: './data',
    allowed: 'a path',
    about:
      'Files, the key and the embedded database. Unset, started as root, and in a place that the database’s account cannot enter: `/var/lib/tributary/<name>`, said at start.',
  },
  SECRET_KEY: {
    read: z.string().min(32),
    fallback: undefined,
    allowed: 'at least 32 characters',
    about:
      'Seals credentials at rest and signs. Unset: generated once into `DATA_DIR/secret.key`. Back it up: without it, credentials of inboxes must be entered again.',
    secret: true,
  },
  ADMIN_EMAIL: {
    read: z.email(),
    fallback: undefined,
    allowed: 'a mail address (together with ADMIN_PASSWORD)',
    about: 'Creates the first administrator without the one-time link. Ignored once there is one.',
  },
  ADMIN_PASSWORD: {
    read: z.string().min(10).max(1000),
    fallback: undefined,
    allowed: '10 to 1000 characters (together with ADMIN_EMAIL)',
    about: 'The first administrator’s password.',
    secret: true,
  },
  API_TOKEN: {
    read: z.string().min(32).max(200),
    fallback: undefined,
    allowed: '32 to 200 characters',
    about: 'A token with every right, for setting up by a program.',
    secret: true,
  },
  S3_ENDPOINT: {
    read: z
      .string()
      .refine(isOrigin)
      .transform((text) => new URL(text).origin),
    fallback: undefined,
    allowed:
      'a URL without a path, like https://s3.eu-central-1.amazonaws.com (together with S3_BUCKET, S3_KEY, S3_SECRET)',
    about:
      'Where files are kept instead of under `DATA_DIR`: S3 or what speaks like it. Moving files there is up to you.',
  },
  S3_BUCKET: {
    read: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/),
    fallback: undefined,
    allowed: 'the name of a bucket',
    about: 'It must be there, and belong to this installation alone.',
  },
  S3_KEY: {
    read: z.string().min(1).max(200),
    fallback: undefined,
    allowed: 'an access key',
    about: 'It must be allowed to read, write and delete objects of the bucket.',
  },
  S3_SECRET: {
    read: z.string().min(1).max(200),
    fallback: undefined,
    allowed: 'the secret of S3_KEY',
    about: 'The secret of that key.',
    secret: true,
  },
  LLM_URL: {
    read: z.url({ protocol: /^https?$/ }),
    fallback: undefined,
    allowed: 'a URL like https://api.example.com/v1 (together with LLM_MODEL)',
    about:
      'An API like OpenAI’s that may write what the bot is not sure of, from your articles only. Customers’ questions go there. A private address must stand in `OUTBOUND_ALLOW`.',
  },
  LLM_KEY: {
    read: z.string().min(1).max(500),
    fallback: undefined,
    allowed: 'the key of that API',
    about: 'Unset: it asks for none.',
    secret: true,
  },
  LLM_MODEL: {
    read: z.string().min(1).max(200),
    fallback: undefined,
    allowed: 'the name of a model (together with LLM_URL)',
    about: 'Which of its models writes.',
  },
  ROLES: {
    read: list.pipe(z.array(z.enum(roles)).min(1)),
    fallback: roles.join(','),
    allowed: `a comma list of ${roles.join(', ')}`,
    about: 'What this process does: answer HTTP, send and do background work, hold the connections to platforms.',
  },
  LOG_LEVEL: {
    read: z.enum(logLevels),
    fallback: 'info',
    allowed: `one of ${logLevels.join(', ')}`,
    about: 'How much is logged, as JSON lines on standard error.',
  },
  METRICS: {
    read: z.enum(['on', 'off']).transform((text) => text === 'on'),
    fallback: 'on',
    allowed: 'on or off',
    about: 'Whether `/metrics` answers. It holds no names, ids or tokens.',
  },
  TRUST_PROXY: {
    read: list.pipe(z.array(z.string().refine((item) => isNetwork(item) || proxies.includes(item)))),
    fallback: '',
    allowed: `a comma list of addresses, networks, ${proxies.join(', ')}`,
    about: 'The proxies whose `X-Forwarded-*` headers are believed. Unset: nobody’s.',
  },
  OUTBOUND_ALLOW: {
    read: list.pipe(z.array(z.string().refine((item) => isNetwork(item) || hostName.test(item)))),
    fallback: '',
    allowed: 'a comma list of host names, addresses or networks',
    about: 'Private addresses that webhooks and downloads may reach all the same.',
  },
} as const satisfies Readonly<Record<string, Setting>>
