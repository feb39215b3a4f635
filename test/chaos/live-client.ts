import { once } from 'node:events'
import { WebSocket } from 'ws'
import type { ServerFrame } from '../../src/wire/live.ts'

export interface LiveClient {
  /** Dead without a word, as when a laptop closes. */
  cut(): void
  closed: Promise<unknown>
}

/** An agent's socket that reads everything. */
export async function openLive(
  url: string,
  token: string,
  since: string | undefined,
  onFrame: (frame: ServerFrame) => void,
): Promise<LiveClient> {
  const query = since === undefined ? '' : `?since=${since}`
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/live${query}`, {
    headers: { authorization: `Bearer ${token}` },
    perMessageDeflate: false,
  })
  socket.on('error', () => {})
  socket.on('message', (data) => onFrame(JSON.parse(String(data)) as ServerFrame))
  const closed = once(socket, 'close')
  await Promise.race([once(socket, 'open'), closed])
  if (socket.readyState !== WebSocket.OPEN) throw new Error('the socket was not taken')
  return { cut: () => socket.terminate(), closed }
}
