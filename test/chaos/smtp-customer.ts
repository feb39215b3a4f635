import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'

export interface Mail {
  /** Of the envelope; empty for a report. */
  readonly from: string
  readonly to: string
  readonly raw: string
}

export interface Manners {
  readonly patienceMs: number
  /** The first time it is gone before the answer to its mail comes: what it was told nobody knows, so it sends again. */
  readonly hangsUp?: boolean
}

/** The same bytes again and again until somebody says 250, as a mail server does. A no for good is a finding. */
export async function untilTaken(port: number, mail: Mail, { patienceMs, hangsUp = false }: Manners): Promise<void> {
  const end = Date.now() + patienceMs
  for (let tries = 0; Date.now() < end; tries += 1) {
    const code = await handOver(port, mail, hangsUp && tries === 0)
    if (code === 250) return
    if (code >= 500) throw new Error(`a mail of ${mail.from} was refused: ${code}`)
    await pause(Math.min(200, 10 * 2 ** Math.min(tries, 5)) * (0.5 + Math.random()))
  }
  throw new Error(`a mail of ${mail.from} was not taken within ${patienceMs} ms`)
}

export async function untilOpen(port: number, address: string): Promise<void> {
  while ((await inSession(port, (say) => inviting(say, { from: '', to: address }))) !== 250) await pause(20)
}

const answerMs = 10_000

/** The last code that was said; 0: nothing. */
function handOver(port: number, { from, to, raw }: Mail, hangsUp: boolean): Promise<number> {
  return inSession(port, async (say, socket) => {
    const code = await inviting(say, { from, to })
    if (code !== 250) return code
    const invited = await say('DATA')
    if (invited !== 354) return invited
    const answer = say(`${raw.replace(/^\./gm, '..')}\r\n.`)
    if (!hangsUp) return await answer
    await Promise.race([pause(Math.random() * 15), answer])
    socket.destroy()
    return 0
  })
}

/** Up to the recipient; 250 when mail for it is welcome. */
async function inviting(say: Say, { from, to }: Pick<Mail, 'from' | 'to'>): Promise<number> {
  const greeting = await say(null)
  if (greeting !== 220) return greeting
  for (const line of ['EHLO customers.test', `MAIL FROM:<${from}>`]) {
    const code = await say(line)
    if (code !== 250) return code
  }
  return say(`RCPT TO:<${to}>`)
}

/** Sends a line, or nothing, and answers the code that is said then; 0: the connection is gone. */
type Say = (line: string | null) => Promise<number>

async function inSession(port: number, work: (say: Say, socket: Socket) => Promise<number>): Promise<number> {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.setTimeout(answerMs, () => socket.destroy())
  const next = answersOf(socket)
  const say: Say = (line) => {
    if (line !== null) socket.write(`${line}\r\n`)
    return next()
  }
  try {
    return await work(say, socket)
  } finally {
    socket.destroy()
  }
}

function answersOf(socket: Socket): () => Promise<number> {
  const lines = createInterface({ input: socket })
  const codes: number[] = []
  let gone = false
  let wake = () => {}
  lines.on('line', (line) => {
    if (line[3] !== '-') codes.push(Number(line.slice(0, 3)))
    wake()
  })
  lines.on('error', () => {})
  socket.on('error', () => {})
  socket.once('close', () => {
    gone = true
    wake()
  })
  return async () => {
    while (codes.length === 0 && !gone) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
    return codes.shift() ?? 0
  }
}
