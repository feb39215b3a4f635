import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

export type SmtpStep = 'greeting' | 'ehlo' | 'auth' | 'mail' | 'rcpt' | 'data' | 'body' | 'dot'

/** Instead of the usual: another answer, a dropped connection, or nothing for ever. `accept`: the mail is taken all the same. */
export type SmtpFault =
  | { readonly say: string; readonly accept?: true }
  | { readonly do: 'drop' | 'nothing'; readonly accept?: true }

export interface HeldMail {
  readonly from: string
  readonly to: readonly string[]
  /** The lines of MAIL and RCPT as they came, with their parameters. */
  readonly commands: readonly string[]
  readonly raw: string
}

export interface SmtpStandIn {
  readonly port: number
  readonly held: readonly HeldMail[]
  /** How often somebody connected. */
  sessions(): number
  password: string
  token: string
  /** Announced as SIZE; 0: none. */
  size: number
  pipelining: boolean
  /** For the next time this step is reached; 'rcpt' for every address that contains `only`, until all were named. */
  arm(step: SmtpStep, fault: SmtpFault, only?: string): void
  close(): Promise<void>
}

interface Platform {
  readonly held: HeldMail[]
  readonly armed: Map<SmtpStep, SmtpFault & { readonly only: string }>
  readonly sockets: Set<Socket>
  readonly wish: Pick<SmtpStandIn, 'password' | 'token' | 'size' | 'pipelining'>
  sessions: number
}

interface Session {
  readonly at: Platform
  readonly socket: Socket
  buffered: string
  inData: boolean
  /** The next line is the empty answer to a refused token. */
  tokenRefused: boolean
  mail: { from: string; to: string[]; commands: string[] }
}

/** A mail server written by hand: a good one cannot be made to misbehave at every step. */
export async function startSmtpStandIn(): Promise<SmtpStandIn> {
  const wish = { password: 'secret', token: 'token', size: 0, pipelining: true }
  const at: Platform = { held: [], armed: new Map(), sockets: new Set(), wish, sessions: 0 }
  const server = createServer((socket) => greet(at, socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return Object.assign(wish, {
    port,
    held: at.held,
    sessions: () => at.sessions,
    arm(step: SmtpStep, fault: SmtpFault, only = '') {
      at.armed.set(step, { ...fault, only })
    },
    async close() {
      for (const socket of at.sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  })
}

function greet(at: Platform, socket: Socket): void {
  at.sessions += 1
  at.sockets.add(socket)
  socket.on('error', () => {})
  socket.on('close', () => at.sockets.delete(socket))
  const mail = { from: '', to: [], commands: [] }
  const session: Session = { at, socket, buffered: '', inData: false, tokenRefused: false, mail }
  answer(session, 'greeting', '220 stand-in ESMTP')
  socket.on('data', (chunk) => {
    session.buffered += chunk.toString('latin1')
    while (advance(session));
  })
}

function advance(session: Session): boolean {
  const end = session.buffered.indexOf(session.inData ? '\r\n.\r\n' : '\r\n')
  if (session.inData && session.buffered !== '' && session.at.armed.has('body')) answer(session, 'body', '')
  if (end < 0 || session.socket.destroyed) return false
  const taken = session.buffered.slice(0, end)
  session.buffered = session.buffered.slice(end + (session.inData ? 5 : 2))
  if (session.inData) finish(session, `${taken}\r\n`.replace(/(^|\r\n)\.\./g, '$1.'))
  else obey(session, taken)
  return true
}

function obey(session: Session, line: string): void {
  const verb = session.tokenRefused ? 'REFUSED' : line.slice(0, 4).toUpperCase()
  const { mail, at } = session
  session.tokenRefused = false
  switch (verb) {
    case 'REFUSED':
      write(session, '535 5.7.8 bad token')
      break
    case 'EHLO':
      answer(session, 'ehlo', extensions(at.wish))
      break
    case 'AUTH':
      answer(session, 'auth', signedIn(session, line))
      break
    case 'MAIL':
      session.mail = { from: inBrackets(line), to: [], commands: [line] }
      answer(session, 'mail', '250 2.1.0 ok')
      break
    case 'RCPT':
      mail.commands.push(line)
      recipient(session, line)
      break
    case 'DATA':
      at.armed.delete('rcpt')
      session.inData = mail.to.length > 0 && !at.armed.has('data')
      answer(session, 'data', mail.to.length > 0 ? '354 go on' : '503 5.5.1 no recipients')
      break
    case 'QUIT':
      session.socket.end('221 2.0.0 bye\r\n')
      break
    default:
      write(session, '502 5.5.2 what?')
  }
}

function recipient(session: Session, line: string): void {
  const fault = session.at.armed.get('rcpt')
  if (fault && line.includes(fault.only) && 'say' in fault) write(session, fault.say)
  else if (fault && line.includes(fault.only)) answer(session, 'rcpt', '')
  else {
    session.mail.to.push(inBrackets(line))
    write(session, '250 2.1.5 ok')
  }
}

function signedIn(session: Session, line: string): string {
  const { password, token } = session.at.wish
  const [, method, initial = ''] = line.split(' ')
  const said = Buffer.from(initial, 'base64').toString()
  if (method === 'PLAIN') return said.endsWith(`\0${password}`) ? '235 2.7.0 welcome' : '535 5.7.8 bad credentials'
  if (said.includes(`Bearer ${token}\u0001`)) return '235 2.7.0 welcome'
  session.tokenRefused = true
  return `334 ${Buffer.from('{"status":"401"}').toString('base64')}`
}

function finish(session: Session, raw: string): void {
  const fault = session.at.armed.get('dot')
  if (!fault || fault.accept) session.at.held.push({ ...session.mail, raw })
  session.inData = false
  answer(session, 'dot', '250 2.0.0 taken')
}

function answer(session: Session, step: SmtpStep, usual: string): void {
  const fault = session.at.armed.get(step)
  session.at.armed.delete(step)
  if (fault && !('say' in fault)) {
    if (fault.do === 'drop') session.socket.destroy()
    return
  }
  const said = fault ? fault.say : usual
  if (said !== '') write(session, said)
  if (said.startsWith('421')) session.socket.end()
}

function extensions({ size, pipelining }: Platform['wish']): string {
  const said = ['stand-in', ...(pipelining ? ['PIPELINING'] : []), ...(size > 0 ? [`SIZE ${size}`] : []), 'DSN']
  return [...said.map((line) => `250-${line}`), '250 AUTH PLAIN XOAUTH2'].join('\r\n')
}

function write({ socket }: Session, line: string): void {
  if (!socket.destroyed && socket.writable) socket.write(`${line}\r\n`)
}

function inBrackets(line: string): string {
  return /<([^>]*)>/.exec(line)?.[1] ?? ''
}
