import type { ImapFlow } from 'imapflow'
import { ChannelError } from '../../src/channel/errors.ts'
import type { AccessTokens } from '../../src/channel/held-token.ts'
import { howToSignIn } from './errors.ts'
import type { ImapSettings } from './settings.ts'

export interface ImapTiming {
  /** Some servers and routers drop an IDLE that lasts longer. */
  readonly maxIdleMs: number
  /** Silence on the wire after which a command counts as never answered. */
  readonly socketTimeoutMs: number
  /** However quiet IDLE is, the folders are looked at this often. */
  readonly roundMs: number
}

export const usualTiming: ImapTiming = { maxIdleMs: 4 * 60_000, socketTimeoutMs: 90_000, roundMs: 30_000 }

export interface OpenImap {
  readonly client: ImapFlow
  /** Resolves, with the reason where there is one, when the connection is gone for whatever reason. */
  readonly gone: Promise<Error>
}

export interface ImapAccount {
  readonly imap: ImapSettings
  readonly tokens: AccessTokens
  readonly timing?: ImapTiming
}

/** Logged in. One client looks at one folder at a time, is never used again after it closed, and closes when `signal` aborts. */
export async function openImap(account: ImapAccount, signal: AbortSignal): Promise<OpenImap> {
  const { imap, tokens, timing = usualTiming } = account
  const token = imap.password === undefined ? await tokens.get() : undefined
  try {
    return await logIn({ imap, timing, accessToken: token }, signal)
  } catch (error) {
    const failure = imapError(error)
    if (failure.failure.kind !== 'auth' || token === undefined) throw failure
    // It may have been withdrawn before its time.
    tokens.forget(token)
    const fresh = await tokens.get()
    return logIn({ imap, timing, accessToken: fresh }, signal).catch((again: unknown) =>
      Promise.reject(imapError(again)),
    )
  }
}

interface LogIn {
  readonly imap: ImapSettings
  readonly timing: ImapTiming
  readonly accessToken: string | undefined
}

async function logIn({ imap, timing, accessToken }: LogIn, signal: AbortSignal): Promise<OpenImap> {
  const { ImapFlow } = await import('imapflow')
  const client = new ImapFlow({
    host: imap.host,
    port: imap.port,
    secure: imap.security === 'tls',
    doSTARTTLS: imap.security === 'tls' ? undefined : imap.security === 'starttls',
    auth: { user: imap.user, ...(accessToken === undefined ? { pass: imap.password } : { accessToken }) },
    logger: false,
    disableAutoIdle: true,
    qresync: true,
    maxIdleTime: timing.maxIdleMs,
    socketTimeout: timing.socketTimeoutMs,
    greetingTimeout: 16_000,
    connectionTimeout: 30_000,
  })
  let reason = new Error('The mail server closed the connection.')
  const gone = new Promise<Error>((resolve) => client.once('close', () => resolve(reason)))
  // Before connecting: an error nobody hears ends the process.
  client.on('error', (error: Error) => {
    reason = error
    client.close()
  })
  const close = () => client.close()
  signal.addEventListener('abort', close, { once: true })
  client.once('close', () => signal.removeEventListener('abort', close))
  try {
    if (signal.aborted) throw new Error('aborted')
    await client.connect()
  } catch (error) {
    client.close()
    throw error
  }
  return { client, gone }
}

// The server is busy or out of order, whatever the password: RFC 5530, and what large providers say.
const passing = /unavailable|inuse|limit|try again|temporar|too many|throttl|internal|contactadmin/i

export function imapError(error: unknown): ChannelError {
  if (error instanceof ChannelError) return error
  const { authenticationFailed, serverResponseCode, response, code, tlsFailed } = error as {
    authenticationFailed?: boolean
    serverResponseCode?: string
    response?: unknown
    code?: string
    tlsFailed?: boolean
  }
  const said = `${serverResponseCode ?? ''} ${typeof response === 'string' ? response : ''}`
  if (authenticationFailed === true && !passing.test(said)) {
    return new ChannelError({ kind: 'auth' }, `The IMAP server refuses the user name or password. ${howToSignIn}`, {
      cause: error,
    })
  }
  const why = authenticationFailed ? 'asks us to sign in later' : tlsFailed ? 'has no STARTTLS' : 'does not answer'
  const told = typeof code === 'string' ? ` (${code})` : ''
  return new ChannelError({ kind: 'unavailable' }, `The IMAP server ${why}${told}.`, { cause: error })
}
