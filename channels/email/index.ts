import type { ChannelAdapter, ChannelConnection, ChannelEnv } from '../../src/channel/contract.ts'
import { ChannelError } from '../../src/channel/errors.ts'
import { capabilities } from './capabilities.ts'
import { addressee, threadOf } from './event-of.ts'
import { icon } from './icon.ts'
import { type ImapTiming, openImap, usualTiming } from './imap-client.ts'
import { receiveImap } from './imap-receive.ts'
import { accessTokens } from './oauth.ts'
import { render } from './render.ts'
import { createSender } from './sender.ts'
import { dnsResolve, type Resolve } from './sender-checks.ts'
import { type EmailSettings, parseSettings, settingsSchema } from './settings.ts'
import { receiveSmtp } from './smtp-receive.ts'
import { translations } from './words.ts'

export const emailChannel = createEmailChannel()

/** Other times than the usual are for those who cannot wait as long as a mail server may, another DNS for those who have none. */
export function createEmailChannel(timing: ImapTiming = usualTiming, resolve?: Resolve): ChannelAdapter<EmailSettings> {
  return {
    id: 'email',
    name: 'Email',
    icon,
    settingsSchema,
    instructions: [
      'Enter the address customers write to, and a name that stands before it.',
      'Enter your provider’s IMAP server with user name and password, and the folder of sent mail (often “Sent”).',
      'Enter your provider’s SMTP server with user name and password.',
      'Gmail: switch on two-step verification, make an app password, and use imap.gmail.com 993 (TLS) and ' +
        'smtp.gmail.com 587 (STARTTLS).',
      'Microsoft 365: passwords are not accepted. Register an application and enter its client ID, secret, refresh ' +
        'token and token address under OAuth 2.',
      'To receive mail without a mailbox choose “Directly from other servers”: enter where to listen, and let the domain’s MX record point there.',
    ],
    translations,
    parseSettings,
    capabilities,
    render: (content, settings) => render(content, settings),
    addressee,
    newThread: (seed, { address }) => threadOf(address, seed),
    connect: (settings, env) => connect(settings, env, { timing, resolve: resolve ?? dnsResolve() }),
  }
}

const checkMs = 25_000

interface Outside {
  readonly timing: ImapTiming
  readonly resolve: Resolve
}

async function connect(
  settings: EmailSettings,
  env: ChannelEnv,
  { timing, resolve }: Outside,
): Promise<ChannelConnection> {
  const { imap, listen } = settings
  const tokens = accessTokens(settings, env)
  const { check, close, ...sender } = createSender(settings, env, tokens)
  const overImap = settings.receive === 'imap' && imap !== undefined
  await allAnswered([
    check(AbortSignal.timeout(checkMs)),
    overImap && openImap({ imap, tokens, timing }, AbortSignal.timeout(checkMs)).then(({ client }) => client.logout()),
  ]).catch((error: unknown) => {
    close()
    throw error
  })
  return {
    ...sender,
    receive: async (since, sink, signal) => {
      if (overImap) return receiveImap({ settings, imap, env, tokens, timing }, since, sink, signal)
      if (listen) await receiveSmtp({ settings, listen, env, resolve }, sink, signal)
    },
    download: async () => {
      throw new ChannelError(
        { kind: 'rejected', reason: 'unsupported' },
        'The files of a mail are kept as it comes in.',
      )
    },
    close: async () => close(),
  }
}

/** Nothing is left running when one of them failed; refused credentials are told first. */
async function allAnswered(checks: readonly (Promise<unknown> | false)[]): Promise<void> {
  const failed = (await Promise.allSettled(checks)).flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
  const refused = failed.find((error) => error instanceof ChannelError && error.failure.kind === 'auth')
  if (failed.length > 0) throw refused ?? failed[0]
}
