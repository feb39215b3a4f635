import { setTimeout as pause } from 'node:timers/promises'

export interface Answer {
  readonly status: number
  readonly body: unknown
}

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH'
  readonly path: string
  readonly body?: unknown
  readonly token?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Where to send the next try: nodes take turns. */
export type Where = () => string

export async function once(where: Where, call: Call, timeoutMs = 3_000): Promise<Answer> {
  const raw = typeof call.body === 'string'
  const response = await fetch(`${where()}${call.path}`, {
    method: call.method,
    signal: AbortSignal.timeout(timeoutMs),
    headers: {
      ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(call.token === undefined ? {} : { authorization: `Bearer ${call.token}` }),
      ...call.headers,
    },
    ...(call.body === undefined ? {} : { body: raw ? (call.body as string) : JSON.stringify(call.body) }),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? null : jsonOf(text) }
}

export class Refused extends Error {
  constructor(call: Call, answer: Answer) {
    super(`${call.method} ${call.path} answered ${answer.status}: ${JSON.stringify(answer.body).slice(0, 300)}`)
    this.name = 'Refused'
  }
}

/** Too fast; or the other side was stopped while it read what we sent. */
const notNow = [429, 408]

/** The same bytes again and again until somebody says yes, as a platform does. A plain no is a finding: Refused. */
export async function untilYes(where: Where, call: Call, giveUp: AbortSignal): Promise<unknown> {
  const same =
    call.body === undefined || typeof call.body === 'string' ? call : { ...call, body: JSON.stringify(call.body) }
  for (let tries = 0; ; tries += 1) {
    giveUp.throwIfAborted()
    // On a machine that is busy with other things the usual patience would never be enough.
    const answer = await once(where, same, Math.min(30_000, 3_000 * 1.2 ** Math.max(0, tries - 10))).catch(() => null)
    if (answer && answer.status >= 200 && answer.status < 300) return answer.body
    if (answer && answer.status < 500 && !notNow.includes(answer.status)) throw new Refused(same, answer)
    await pause(Math.min(200, 10 * 2 ** Math.min(tries, 5)) * (0.5 + Math.random()))
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
