import { z } from 'zod'
import { settingsErrorOf } from '../../src/channel/settings-fault.ts'

export const settingsSchema = z.strictObject({
  name: z
    .string()
    .trim()
    .max(80, 'must be at most 80 characters')
    .default('')
    .meta({ title: 'Title of the chat', description: 'Stands at the top of the chat, for example your company.' }),
  greeting: z.string().trim().max(500, 'must be at most 500 characters').default('').meta({
    title: 'Greeting',
    description: 'The first words a visitor reads. Empty: a short greeting in their language.',
  }),
  availability: z.string().trim().max(200, 'must be at most 200 characters').optional().meta({
    title: 'When you answer',
    description: 'For example "Every day, 8 to 22 o’clock". Shown under the title.',
  }),
  liveChat: z
    .strictObject({
      hours: z.string().trim().min(1).max(200).optional().meta({
        title: 'Hours',
        description: 'The name of business hours. Outside of them the chat says when you are back.',
      }),
      regions: z
        .array(z.string().regex(/^[A-Za-z]{2}$/, 'must be two letters'))
        .max(300)
        .optional()
        .meta({ title: 'Countries', description: 'Two letters each: JP. Empty: everywhere.' }),
      regionHeader: z
        .string()
        .regex(/^[A-Za-z0-9-]{1,60}$/, 'must be the name of a header')
        .optional()
        .meta({
          title: 'Header with the country',
          description: 'Which your proxy sets, and removes from what visitors send: CF-IPCountry.',
        }),
      tiers: z
        .array(z.string().min(1).max(40))
        .max(50)
        .optional()
        .meta({ title: 'Tiers', description: 'Of the signed identity. Empty: everybody.' }),
      pages: z
        .array(z.string().regex(/^\//, 'must begin with /').max(500))
        .max(100)
        .optional()
        .meta({ title: 'Pages', description: 'Beginnings of addresses: /help. Empty: all.' }),
      mostWaiting: z.number().int().min(0).max(1_000).optional().meta({
        title: 'Closed with more waiting than',
        description: 'So many may wait for a person before the chat says that it takes longer.',
      }),
    })
    .optional()
    .meta({
      title: 'When live chat is offered',
      description: 'Otherwise visitors are told so; they can write all the same, and are answered by mail.',
      rare: true,
    }),
  origins: z
    .array(z.string().refine(isOrigin, 'must look like https://www.example.com or https://*.example.com'))
    .max(100)
    .default([])
    .meta({
      title: 'Websites',
      description: 'Where the chat may be shown, one address each: https://www.example.com. Empty: on any website.',
    }),
  continueIn: z
    .string()
    .regex(/^[1-9]\d{0,17}$/, 'must be the id of an inbox')
    .optional()
    .meta({
      title: 'Answer by mail from',
      description:
        'Visitors may leave their address. Who has gone reads the answer in a mail from this inbox and can answer it; it stays one conversation.',
      inboxes: 'letters',
    }),
  identitySecret: z.string().min(32, 'must have at least 32 characters').max(512).optional().meta({
    title: 'Identity secret',
    description: 'Your website signs with it who is signed in there. Without it every visitor is unknown.',
    secret: true,
  }),
})

export type WidgetSettings = z.infer<typeof settingsSchema>

export function parseSettings(input: unknown): WidgetSettings {
  const parsed = settingsSchema.safeParse(input)
  if (parsed.success) return parsed.data
  throw settingsErrorOf(parsed.error, input)
}

function isOrigin(value: string): boolean {
  return originParts(value) !== null
}

interface OriginParts {
  readonly scheme: string
  /** Without the leading `*.`. */
  readonly host: string
  readonly port: string
  readonly anySubdomain: boolean
}

export function originParts(value: string): OriginParts | null {
  const anySubdomain = /^https?:\/\/\*\./i.test(value)
  const plain = anySubdomain ? value.replace('*.', '') : value
  if (!/^https?:\/\//i.test(plain) || !URL.canParse(plain)) return null
  const url = new URL(plain)
  if (url.pathname !== '/' || url.search || url.hash || url.username) return null
  return { scheme: url.protocol, host: url.hostname, port: url.port, anySubdomain }
}
