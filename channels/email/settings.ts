import { z } from 'zod'
import { isRange } from '../../src/channel/address-range.ts'
import { settingsErrorOf } from '../../src/channel/settings-fault.ts'
import { isAddress } from './address.ts'

const security = z.enum(['tls', 'starttls', 'none'])
const host = z
  .string()
  .trim()
  .min(1)
  .max(253)
  .regex(/^[\w.:-]+$/, 'must be the name or address of a server')
const port = z.number().int().min(1).max(65_535)
const secret = (title: string) => z.string().min(1).max(8_192).optional().meta({ title, secret: true })
const securityMeta = {
  title: 'Encryption',
  options: { tls: 'TLS', starttls: 'STARTTLS', none: 'None' },
  description:
    'TLS: from the first byte. STARTTLS: asked for after connecting, and required. None: only on your own machine.',
}

const imap = z.strictObject({
  host: host.meta({ title: 'IMAP server' }),
  port: port.default(993).meta({ title: 'Port' }),
  security: security.default('tls').meta(securityMeta),
  user: z.string().trim().min(1).max(320).meta({ title: 'User name' }),
  password: secret('Password'),
  mailbox: z.string().trim().min(1).max(500).default('INBOX').meta({ title: 'Folder to read' }),
  sent: z.string().trim().min(1).max(500).optional().meta({
    title: 'Folder of sent mail',
    description:
      'For example "Sent". Answers are filed there, and what you answer in another mail program is seen here.',
  }),
})

const smtp = z.strictObject({
  host: host.meta({ title: 'SMTP server' }),
  port: port.default(587).meta({ title: 'Port' }),
  security: security.default('starttls').meta(securityMeta),
  user: z.string().trim().min(1).max(320).optional().meta({
    title: 'User name',
    description: 'Empty: the server asks for none.',
  }),
  password: secret('Password'),
})

const listen = z.strictObject({
  host: host.default('0.0.0.0').meta({ title: 'Address to listen on' }),
  port: port.default(25).meta({ title: 'Port' }),
  cert: z
    .string()
    .max(65_536)
    .optional()
    .meta({ title: 'Certificate (PEM)', multiline: true, description: 'With its key: STARTTLS.' }),
  key: z.string().max(65_536).optional().meta({ title: 'Key of the certificate (PEM)', secret: true, multiline: true }),
})

const oauth2 = z.strictObject({
  clientId: z.string().trim().min(1).max(1_024).meta({ title: 'Client ID' }),
  clientSecret: secret('Client secret'),
  refreshToken: z.string().min(1).max(16_384).meta({ title: 'Refresh token', secret: true }),
  tokenUrl: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .meta({
      title: 'Token address',
      description: 'For example https://oauth2.googleapis.com/token.',
    }),
})

const dkim = z.strictObject({
  domain: host.meta({ title: 'Domain' }),
  selector: z
    .string()
    .trim()
    .min(1)
    .max(253)
    .regex(/^[\w.-]+$/)
    .meta({ title: 'Selector' }),
  privateKey: z.string().min(1).max(65_536).meta({ title: 'Private key (PEM)', secret: true, multiline: true }),
})

const address = z.string().trim().toLowerCase().refine(isAddress, 'must look like support@example.com')

export const settingsSchema = z
  .strictObject({
    address: address.meta({ title: 'Address', description: 'Customers write to it, and answers come from it.' }),
    name: z.string().trim().max(120).default('').meta({
      title: 'Sender name',
      description:
        'Stands before the address, for example your company; after the name of the agent who writes: “Mei (Company)”.',
    }),
    receive: z
      .enum(['imap', 'smtp'])
      .default('imap')
      .meta({
        title: 'How mail comes in',
        options: { imap: 'From a mailbox (IMAP)', smtp: 'Directly from other servers (SMTP)' },
      }),
    imap: imap.optional().meta({ title: 'Reading (IMAP)', shownWhen: { receive: 'imap' } }),
    listen: listen.optional().meta({ title: 'Receiving directly (SMTP)', shownWhen: { receive: 'smtp' } }),
    smtp: smtp.meta({ title: 'Sending (SMTP)' }),
    oauth2: oauth2.optional().meta({
      title: 'OAuth 2',
      description: 'Instead of passwords, as Google and Microsoft ask for. Used wherever a user has no password.',
    }),
    signature: z.string().max(5_000).optional().meta({
      title: 'Signature',
      multiline: true,
      description: 'Below every answer. {name} becomes the name customers see of whoever answers.',
    }),
    authservId: z
      .string()
      .trim()
      .min(1)
      .max(253)
      .optional()
      .meta({
        title: 'Name of your checking mail server',
        rare: true,
        description:
          'As it stands first in its Authentication-Results; what any other server says there is not believed. ' +
          'Receiving directly: believed only of mail from a server named below; senders of other mail are checked here.',
      }),
    relays: z
      .array(z.string().trim().max(64).refine(isRange, 'must look like 192.0.2.7 or 192.0.2.0/24'))
      .max(100)
      .default([])
      .meta({
        title: 'Mail servers that forward to this one',
        rare: true,
        shownWhen: { receive: 'smtp' },
        description:
          'Their addresses or networks, one each: 192.0.2.7 or 192.0.2.0/24. Whoever connects from there is yours.',
      }),
    plusAddresses: z.boolean().default(true).meta({
      title: 'Addresses with a plus',
      rare: true,
      description:
        'Mail to name+anything@ reaches this mailbox. Off: answers and bounces are told by their headers alone.',
    }),
    subjectJoins: z.boolean().default(true).meta({
      title: 'Join by subject',
      rare: true,
      description: 'Mail that answers nothing joins what the same person wrote under the same subject within a week.',
    }),
    dkim: dkim
      .optional()
      .meta({ rare: true, title: 'Signing (DKIM)', description: 'Only where your mail server does not sign.' }),
  })
  .superRefine((given, ctx) => {
    for (const [path, message] of faultsOf(given)) ctx.addIssue({ code: 'custom', path: [...path], message })
  })

export type EmailSettings = z.infer<typeof settingsSchema>
export type ImapSettings = NonNullable<EmailSettings['imap']>
export type ListenSettings = NonNullable<EmailSettings['listen']>
export type OAuth2Settings = NonNullable<EmailSettings['oauth2']>

type Parts = Pick<EmailSettings, 'receive' | 'imap' | 'listen' | 'smtp' | 'oauth2'>

/** What no single field can say of itself. */
function faultsOf({ receive, imap, listen, smtp, oauth2 }: Parts): [path: readonly string[], message: string][] {
  const faults: [readonly string[], string][] = []
  if (receive === 'imap' && !imap) faults.push([['imap'], 'is needed to read mail'])
  if (receive === 'smtp' && !listen) faults.push([['listen'], 'is needed to receive mail directly'])
  if (imap && imap.password === undefined && !oauth2) faults.push([['imap', 'password'], 'is needed without OAuth 2'])
  if (smtp.user !== undefined && smtp.password === undefined && !oauth2)
    faults.push([['smtp', 'password'], 'is needed without OAuth 2'])
  if (listen && (listen.cert === undefined) !== (listen.key === undefined))
    faults.push([['listen', listen.cert === undefined ? 'cert' : 'key'], 'goes with the other: give both or none'])
  return faults
}

export function parseSettings(input: unknown): EmailSettings {
  const parsed = settingsSchema.safeParse(input)
  if (!parsed.success) throw settingsErrorOf(parsed.error, input)
  return parsed.data
}
