import type { Server } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'
import { channelJson, messageContent, type State, snowflake } from './state.ts'

/** One session: its dispatches are numbered and kept, so that it can be resumed. */
export interface Session {
  readonly id: string
  readonly kept: { s: number; t: string; d: unknown }[]
  intents: number
  socket: WebSocket | null
  /** The highest number that the client named, by heartbeat or RESUME. */
  acknowledged: number
}

export interface GatewaySwitches {
  heartbeatMs: number
  withholdAcks: boolean
  /** The next upgrades are answered with this status. */
  refuseUpgrades: number[]
  /** The next RESUMEs are answered with op 9. */
  invalidateResumes: number
  /** The next dispatches go out twice, each with a number of its own. */
  doubled: number
}

export interface GatewayStandIn {
  readonly sessions: Session[]
  readonly switches: GatewaySwitches
  dispatch(t: string, d: unknown, intent: number): void
  /** To every connected client. */
  send(payload: unknown): void
  raw(text: string): void
  closeAll(code: number): void
  /** Cables pulled. */
  dropAll(): void
  /** Sockets that are open. */
  open(): number
  /** Where the sockets of clients asked to come in. */
  readonly paths: string[]
  /** Counted since the start. */
  readonly counts: { identifies: number; resumes: number; connections: number }
}

/** https://docs.discord.com/developers/events/gateway */
export function gatewayOn(server: Server, state: State): GatewayStandIn {
  const sockets = new WebSocketServer({ noServer: true, clientTracking: true })
  const sessions: Session[] = []
  const paths: string[] = []
  const switches: GatewaySwitches = {
    heartbeatMs: 300,
    withholdAcks: false,
    refuseUpgrades: [],
    invalidateResumes: 0,
    doubled: 0,
  }
  const counts = { identifies: 0, resumes: 0, connections: 0 }
  const ground: Ground = { state, sessions, switches, counts }
  server.on('upgrade', (request, socket, head) => {
    const refusal = switches.refuseUpgrades.shift()
    if (refusal !== undefined || !request.url?.startsWith('/gateway')) {
      socket.end(`HTTP/1.1 ${refusal ?? 404} No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`)
      return
    }
    paths.push(request.url)
    sockets.handleUpgrade(request, socket, head, (client) => serve(ground, client))
  })
  const all = (act: (client: WebSocket) => void) => [...sockets.clients].forEach((client) => void act(client))
  return {
    sessions,
    switches,
    paths,
    counts,
    dispatch: (t, d, intent) => sessions.forEach((session) => void dispatchTo(ground, session, { t, d, intent })),
    send: (payload) => all((client) => client.send(JSON.stringify(payload))),
    raw: (text) => all((client) => client.send(text)),
    closeAll: (code) => all((client) => client.close(code)),
    dropAll: () => all((client) => client.terminate()),
    open: () => sockets.clients.size,
  }
}

interface Ground {
  readonly state: State
  readonly sessions: Session[]
  readonly switches: GatewaySwitches
  readonly counts: { identifies: number; resumes: number; connections: number }
}

function dispatchTo(
  { switches }: Ground,
  session: Session,
  { t, d, intent }: { t: string; d: unknown; intent: number },
): void {
  if ((session.intents & intent) !== intent) return
  const times = switches.doubled > 0 ? 2 : 1
  if (times === 2) switches.doubled -= 1
  for (let n = 0; n < times; n += 1) {
    const one = { s: (session.kept.at(-1)?.s ?? 0) + 1, t, d }
    session.kept.push(one)
    session.socket?.send(JSON.stringify({ op: 0, ...one }))
  }
}

function serve(ground: Ground, client: WebSocket): void {
  const { switches, counts } = ground
  counts.connections += 1
  let session: Session | null = null
  client.on('error', () => {})
  client.on('close', () => {
    if (session?.socket === client) session.socket = null
  })
  client.send(JSON.stringify({ op: 10, d: { heartbeat_interval: switches.heartbeatMs } }))
  client.on('message', (data) => {
    const { op, d } = JSON.parse(String(data)) as { op: number; d: never }
    if (op === 1) {
      if (session && typeof d === 'number') session.acknowledged = Math.max(session.acknowledged, d)
      if (!switches.withholdAcks) client.send('{"op":11}')
    } else if (op === 2) session = identified(ground, client, d)
    else if (op === 6) session = resumed(ground, client, d)
    else client.close(4001)
  })
}

function identified(
  ground: Ground,
  client: WebSocket,
  d: { token: string; intents: number; properties?: unknown },
): Session | null {
  const { state, sessions, counts } = ground
  counts.identifies += 1
  const refuse = (code: number) => {
    client.close(code)
    return null
  }
  if (state.refusesCredentials || d.token !== state.token) return refuse(4004)
  if (!Number.isInteger(d.intents) || d.intents < 0 || d.properties === undefined) return refuse(4013)
  if ((d.intents & messageContent & ~state.grantedIntents) !== 0) return refuse(4014)
  const session: Session = { id: snowflake(), kept: [], intents: d.intents, socket: client, acknowledged: 0 }
  sessions.push(session)
  const url = `ws://127.0.0.1:${state.port}/gateway/resume`
  const ready = {
    v: 10,
    user: state.bot,
    guilds: [{ id: state.guildId, unavailable: true }],
    session_id: session.id,
    resume_gateway_url: url,
    application: { id: state.applicationId, flags: 0 },
  }
  dispatchTo(ground, session, { t: 'READY', d: ready, intent: 0 })
  const all = [...state.channels.values()].filter(({ guild_id: guild }) => guild !== undefined)
  const isThread = ({ type }: { type: number }) => [10, 11, 12].includes(type)
  // A server's own list leaves out what the server is.
  const json = (list: typeof all) => list.map((one) => ({ ...channelJson(one), guild_id: undefined }))
  const guild = {
    id: state.guildId,
    name: 'Northstar',
    roles: state.roles,
    channels: json(all.filter((one) => !isThread(one))),
    threads: json(all.filter((one) => isThread(one) && !one.archived)),
  }
  dispatchTo(ground, session, { t: 'GUILD_CREATE', d: guild, intent: 1 })
  return session
}

function resumed(
  ground: Ground,
  client: WebSocket,
  d: { token: string; session_id: string; seq: number },
): Session | null {
  const { state, sessions, switches, counts } = ground
  counts.resumes += 1
  if (state.refusesCredentials || d.token !== state.token) {
    client.close(4004)
    return null
  }
  const session = sessions.find(({ id }) => id === d.session_id)
  if (!session || switches.invalidateResumes > 0) {
    switches.invalidateResumes = Math.max(0, switches.invalidateResumes - 1)
    client.send('{"op":9,"d":false}')
    return null
  }
  session.socket?.terminate()
  session.socket = client
  session.acknowledged = Math.max(session.acknowledged, d.seq)
  for (const one of session.kept) if (one.s > d.seq) client.send(JSON.stringify({ op: 0, ...one }))
  dispatchTo(ground, session, { t: 'RESUMED', d: {}, intent: 0 })
  return session
}
