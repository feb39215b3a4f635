import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

export type SmtpStep = 'greeting' | 'ehlo' | 'auth' | 'mail' | 'rcpt' | 'data' | 'body' | 'dot'

/** Instead of the usual: another answer, half a line and then the end, a dropped or reset connection, nothing for ever, or the usual at so many ms a character. `accept`: the mail is taken all the same. */
export type SmtpFault =
  | { readonly say: string; readonly accept?: true }
  | { readonly half: string; readonly accept?: true }
  | { readonly do: 'drop' | 'reset' | 'nothing'; readonly accept?: true }
  | { readonly slowMs: number; readonly accept?: true }

export interface SmtpEnvelope {
  readonly from: string
  readonly to: readonly string[]
}

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
  /** How fast letters are read, bytes a millisecond; 0: as they come. */
  pace: number
  /** For the next time this step is reached; 'rcpt' for every address that contains `only`, until all were named. */
  arm(step: SmtpStep, fault: SmtpFault, only?: string): void
  /** Asked at every step of a mail that nothing is armed for, at 'body' for every packet; replaces the former. */
  onStep(decide: Decide): void
  /** Runs between holding a mail and saying so; replaces the former. */
  onTaken(hook: Taken): void
  close(): Promise<void>
}

type Taken = (mail: HeldMail) => unknown
type Decide = (step: SmtpStep, mail: SmtpEnvelope) => SmtpFault | undefined

interface Platform {
  readonly held: HeldMail[]
  readonly armed: Map<SmtpStep, SmtpFault & { readonly only: string }>
  readonly sockets: Set<Socket>
  readonly wish: Pick<SmtpStandIn, 'password' | 'token' | 'size' | 'pipelining' | 'pace'>
  sessions: number
  decide: Decide
  taken: Taken | undefined
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
  const wish = { password: 'secret', token: 'token', size: 0, pipelining: true, pace: 0 }
  const hooks = { decide: () => undefined, taken: undefined }
  const at: Platform = { held: [], armed: new Map(), sockets: new Set(), wish, sessions: 0, ...hooks }
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
    onStep(decide: Decide) {
      at.decide = decide
    },
    onTaken(hook: Taken) {
      at.taken = hook
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
    if (session.inData && at.wish.pace > 0) {
      socket.pause()
      setTimeout(() => socket.resume(), chunk.length / at.wish.pace)
    }
  })
}

function advance(session: Session): boolean {
  const end = session.buffered.indexOf(session.inData ? '\r\n.\r\n' : '\r\n')
  if (session.inData && session.buffered !== '') answer(session, 'body', '')
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
      beginData(session)
      break
    case 'QUIT':
      session.socket.end('221 2.0.0 bye\r\n')
      break
    default:
      write(session, '502 5.5.2 what?')
  }
}

function beginData(session: Session): void {
  const fault = faultAt(session, 'data')
  session.inData = session.mail.to.length > 0 && !fault
  answerWith(session, fault, session.mail.to.length > 0 ? '354 go on' : '503 5.5.1 no recipients')
}

function recipient(session: Session, line: string): void {
  const { at, mail } = session
  const fault = at.armed.get('rcpt')
  const decided = fault ? undefined : at.decide('rcpt', { from: mail.from, to: [...mail.to, inBrackets(line)] })
  if (fault && line.includes(fault.only) && 'say' in fault) write(session, fault.say)
  else if (fault && line.includes(fault.only)) answer(session, 'rcpt', '')
  else if (decided) answerWith(session, decided, '')
  else {
    mail.to.push(inBrackets(line))
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
  const fault = faultAt(session, 'dot')
  session.inData = false
  const say = () => answerWith(session, fault, '250 2.0.0 taken')
  const waiting = fault && !fault.accept ? undefined : hold(session.at, { ...session.mail, raw })
  if (waiting === undefined) say()
  else void waiting.then(say)
}

function hold({ held, taken }: Platform, mail: HeldMail): Promise<unknown> | undefined {
  held.push(mail)
  return taken && Promise.resolve(taken(mail))
}

function faultAt({ at, mail }: Session, step: SmtpStep): SmtpFault | undefined {
  const armed = at.armed.get(step)
  at.armed.delete(step)
  return armed ?? at.decide(step, mail)
}

function answer(session: Session, step: SmtpStep, usual: string): void {
  answerWith(session, faultAt(session, step), usual)
}

function answerWith(session: Session, fault: SmtpFault | undefined, usual: string): void {
  if (fault && 'do' in fault) {
    if (fault.do === 'drop') session.socket.destroy()
    if (fault.do === 'reset') session.socket.resetAndDestroy()
    return
  }
  if (fault && 'half' in fault) return void session.socket.end(fault.half)
  const said = fault && 'say' in fault ? fault.say : usual
  if (fault && 'slowMs' in fault) trickle(session, `${said}\r\n`, fault.slowMs)
  else if (said !== '') write(session, said)
  if (said.startsWith('421')) session.socket.end()
}

function trickle(session: Session, rest: string, ms: number): void {
  if (rest === '' || session.socket.destroyed) return
  session.socket.write(rest.slice(0, 1))
  setTimeout(trickle, ms, session, rest.slice(1), ms)
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
