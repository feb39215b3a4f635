import { randomBytes } from 'node:crypto'
import { Agent, request } from 'node:http'
import type { AppProcess } from '../support/app-process.ts'
import type { LoopPlatform } from '../support/loop-channel/platform.ts'
import { signLoopWebhook } from '../support/loop-channel/webhook.ts'
import { signatureHeader } from '../support/loop-channel/wire.ts'

export interface Door {
  readonly app: AppProcess
  readonly inboxId: string
  readonly platform: LoopPlatform
}

const text = 'x'.repeat(191)
const run = randomBytes(4).toString('hex')
let written = 0

/** One message by one webhook call, rightly signed. Resolves with the status. */
export function hook(door: Door, agent: Agent, chat: string): Promise<number> {
  written += 1
  const id = `${run}-${written}`
  const update = {
    type: 'message',
    id,
    chat: { id: chat },
    from: { id: chat, name: chat },
    message: id,
    text,
    at: Date.now(),
  }
  const body = JSON.stringify({ updates: [update] })
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    [signatureHeader]: signLoopWebhook(door.platform.state.switches.webhookSecret, body),
  }
  return post(agent, `${door.app.url}/hooks/${door.inboxId}`, headers, body)
}

export function post(
  agent: Agent,
  url: string,
  headers: Readonly<Record<string, string | number>>,
  body: string,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume()
      response.once('end', () => resolve(response.statusCode ?? 0))
    })
    call.once('error', reject)
    call.end(body)
  })
}

export function keptAlive(connections: number): Agent {
  return new Agent({ keepAlive: true, maxSockets: connections, scheduling: 'fifo' })
}

/** Each of them writes once, 32 at a time. */
export async function writeAs(door: Door, chats: readonly string[]): Promise<void> {
  const agent = keptAlive(32)
  let next = 0
  const caller = async () => {
    for (let chat = chats[next++]; chat !== undefined; chat = chats[next++]) {
      const status = await hook(door, agent, chat)
      if (status !== 200) throw new Error(`a webhook was answered ${status}`)
    }
  }
  await Promise.all(Array.from({ length: 32 }, caller))
  agent.destroy()
}
