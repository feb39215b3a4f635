import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { LoadMail } from './mails.ts'

export interface MailLoad {
  readonly port: number
  readonly connections: number
  readonly ms: number
  readonly mail: () => LoadMail
}

const openWithinMs = 20_000

/** Each connection hands over one mail after the other and counts what was answered with 250. Anything else ends the measurement. */
export async function deliverFor({ port, connections, ms, mail }: MailLoad): Promise<number> {
  const sessions = await Promise.all(Array.from({ length: connections }, () => openSession(port)))
  const end = performance.now() + ms
  let taken = 0
  const sender = async (session: Session) => {
    while (performance.now() < end) {
      await handOver(session, mail())
      taken += 1
    }
    session.socket.end('QUIT\r\n')
  }
  await Promise.all(sessions.map(sender))
  return taken
}

/** As small as can be: it shares the machine with what is measured. */
interface Session {
  readonly socket: Socket
  /** The next answer, all lines of it. */
  answer(): Promise<string>
}

async function openSession(port: number): Promise<Session> {
  const end = performance.now() + openWithinMs
  for (;;) {
    try {
      const session = await connected(port)
      await expectAnswer(session, '220')
      session.socket.write('EHLO bench.example.test\r\n')
      await expectAnswer(session, '250')
      return session
    } catch (error) {
      if (performance.now() > end) throw error
      await pause(100)
    }
  }
}

async function connected(port: number): Promise<Session> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  const answers: string[] = []
  let wanted: { resolve: (answer: string) => void; reject: (error: Error) => void } | undefined
  let buffered = ''
  const gone = () => wanted?.reject(new Error('the mail server ended the connection'))
  socket.on('error', gone)
  socket.on('close', gone)
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    buffered += chunk
    for (let match = last.exec(buffered); match; match = last.exec(buffered)) {
      buffered = buffered.slice(match.index + match[0].length)
      answers.push(match[0])
    }
    const first = wanted && answers.shift()
    if (first === undefined) return
    const { resolve } = wanted!
    wanted = undefined
    resolve(first)
  })
  const answer = () =>
    new Promise<string>((resolve, reject) => {
      const first = answers.shift()
      if (first !== undefined) resolve(first)
      else wanted = { resolve, reject }
    })
  return { socket, answer }
}

/** The line that ends an answer: a space behind the code. */
const last = /^\d{3} [^\r\n]*\r\n/m

async function handOver(session: Session, { from, to, raw }: LoadMail): Promise<void> {
  session.socket.write(`MAIL FROM:<${from}>\r\nRCPT TO:<${to}>\r\nDATA\r\n`)
  await expectAnswer(session, '250')
  await expectAnswer(session, '250')
  await expectAnswer(session, '354')
  session.socket.write(`${raw}\r\n.\r\n`, 'utf8')
  await expectAnswer(session, '250')
}

async function expectAnswer(session: Session, code: string): Promise<void> {
  const said = await session.answer()
  if (!said.startsWith(code)) throw new Error(`the mail server said ${said.trim()} and not ${code}`)
}
