import type SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { AccessTokens } from '../../src/channel/held-token.ts'
import type { EmailSettings } from './settings.ts'

export interface SmtpAccount {
  readonly smtp: EmailSettings['smtp']
  readonly tokens: AccessTokens
  /** Connections under way, to be cut when the inbox closes. */
  readonly open: Set<SMTPConnection>
}

const connectionTimeout = 10_000
const greetingTimeout = 10_000
// How long a send may be silent says its signal: a long letter on a slow line is, while buffers on the way empty themselves.
const socketTimeout = 5 * 60_000

/** One connection for one letter: connections that are kept hang, and cannot tell what was handed over. */
export async function withSmtp<T>(
  account: SmtpAccount,
  signal: AbortSignal,
  work: (connection: SMTPConnection) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted()
  const connection = await newConnection(account.smtp)
  account.open.add(connection)
  const cut = new AbortController()
  // Until the last listener is gone every step may end by a socket that fails, closes or is given up.
  const broken = new Promise<never>((_, reject) => {
    connection.on('error', reject)
    // An answer that came before the end says more than the end does.
    connection.once('end', () => setImmediate(() => reject(new Error('The connection ended.'))))
    signal.addEventListener('abort', () => reject(new Error('The send was given up.')), { signal: cut.signal })
  })
  broken.catch(() => {})
  try {
    const result = await Promise.race([broken, session(connection, account).then(() => work(connection))])
    connection.quit()
    return result
  } catch (error) {
    connection.close()
    throw error
  } finally {
    cut.abort()
    account.open.delete(connection)
  }
}

async function newConnection(smtp: EmailSettings['smtp']): Promise<SMTPConnection> {
  const { default: Connection } = await import('nodemailer/lib/smtp-connection')
  return new Connection({
    host: smtp.host,
    port: smtp.port,
    secure: smtp.security === 'tls',
    requireTLS: smtp.security === 'starttls',
    ignoreTLS: smtp.security === 'none',
    connectionTimeout,
    greetingTimeout,
    socketTimeout,
    // Closed means cut: what still stands in a buffer must not arrive after we have judged.
    socketCloseTimeout: 0,
  })
}

async function session(connection: SMTPConnection, { smtp, tokens }: SmtpAccount): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    connection.connect((error?: Error | null) => (error ? reject(error) : resolve()))
  })
  const { user, password } = smtp
  if (user === undefined) return
  const auth = password === undefined ? await byToken(user, tokens) : { user, pass: password }
  await new Promise<void>((resolve, reject) => {
    connection.login(auth, (error) => (error ? reject(error) : resolve()))
  })
}

async function byToken(user: string, tokens: AccessTokens) {
  const { default: XOAuth2 } = await import('nodemailer/lib/xoauth2')
  const accessToken = await tokens.get()
  // Asked when the server refused the first one: it may have been withdrawn before its time.
  const provisionCallback = (_user: string, _renew: boolean, done: (error: Error | null, token?: string) => void) => {
    tokens.forget(accessToken)
    tokens.get().then(
      (fresh) => done(null, fresh),
      (error: Error) => done(error),
    )
  }
  return { user, method: 'XOAUTH2', oauth2: new XOAuth2({ user, accessToken, provisionCallback }) }
}
