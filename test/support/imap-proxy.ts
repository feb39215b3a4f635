import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** In front of a real IMAP server, for what a good one never does. */
export interface ImapProxy {
  readonly port: number
  /** Mails of INBOX that nobody asks for any more: the last search began behind them. */
  passed(): number
  /** Connections there are now are lost. */
  cut(): void
  /** Nothing passes any more on connections there are now, and they stay open. */
  freeze(): void
  /** Instead of the next mail comes this, and then nothing for ever. */
  garble(bytes: string): void
  close(): Promise<void>
}

interface Wire {
  readonly near: Socket
  readonly far: Socket
  frozen: boolean
  folder: string
}

export async function imapProxy(target: number): Promise<ImapProxy> {
  const wires = new Set<Wire>()
  let passed = 0
  let garbage: string | undefined
  const server = createServer((near) => {
    const wire: Wire = { near, far: connect(target, '127.0.0.1'), frozen: false, folder: '' }
    wires.add(wire)
    for (const socket of [near, wire.far]) socket.on('error', () => {}).on('close', () => lose(wire))
    near.on('data', (chunk) => {
      passed = heard(wire, chunk.toString('latin1')) ?? passed
      if (!wire.frozen) wire.far.write(chunk)
    })
    wire.far.on('data', (chunk) => {
      if (wire.frozen) return
      const broken = garbage !== undefined && chunk.includes(' FETCH (') && chunk.includes('BODY[]')
      near.write(broken ? (garbage ?? '') : chunk)
      if (!broken) return
      wire.frozen = true
      garbage = undefined
    })
  })
  const lose = (wire: Wire) => {
    wires.delete(wire)
    wire.near.destroy()
    wire.far.destroy()
  }
  const cut = () => {
    for (const wire of [...wires]) lose(wire)
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    passed: () => passed,
    cut,
    freeze: () => {
      for (const wire of wires) wire.frozen = true
    },
    garble: (bytes) => {
      garbage = bytes
    },
    close: async () => {
      cut()
      server.close()
      await once(server, 'close')
    },
  }
}

/** How many mails of INBOX a search leaves out. */
function heard(wire: Wire, said: string): number | undefined {
  let passed: number | undefined
  for (const line of said.split('\r\n')) {
    wire.folder = / (?:SELECT|EXAMINE) "?([^" ]+)/i.exec(line)?.[1]?.toUpperCase() ?? wire.folder
    const from = / UID SEARCH .*?UID (\d+):\*/i.exec(line)?.[1]
    if (from !== undefined && wire.folder === 'INBOX') passed = Number(from) - 1
  }
  return passed
}
