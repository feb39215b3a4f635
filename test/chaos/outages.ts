import type { ServerResponse } from 'node:http'
import { rowsOf } from './database.ts'
import type { ChaosInbox, Stage } from './stage.ts'

/** One way for a whole platform to be out of order; what is asked gets `answer`, what is sent `send`. */
export interface Outage {
  readonly name: string
  answer(response: ServerResponse): void
  readonly sends: 'doubtful' | 'later'
}

const html = { 'content-type': 'text/html' }
const json = { 'content-type': 'application/json' }
export const tooMany: Outage = {
  name: 'too many requests',
  sends: 'later',
  answer: (response) => {
    const reset = String(Math.ceil(Date.now() / 1_000) + 1)
    const headers = { ...json, 'retry-after': '1', 'x-ratelimit-reset-after': '1', 'x-rate-limit-reset': reset }
    const body = { ok: false, error_code: 429, parameters: { retry_after: 1 }, retry_after: 1, global: false }
    response.writeHead(429, headers).end(JSON.stringify({ ...body, description: 'Too Many Requests', message: 'x' }))
  },
}

export const outageKinds: readonly Outage[] = [
  {
    name: 'errors',
    sends: 'doubtful',
    answer: (response) => void response.writeHead(500, json).end('{"ok":false,"error_code":500,"description":"x"}'),
  },
  {
    name: 'error pages',
    sends: 'doubtful',
    answer: (response) => void response.writeHead(502, html).end('<html>502 Bad Gateway</html>'),
  },
  { name: 'silence', sends: 'doubtful', answer: () => {} },
  { name: 'resets', sends: 'doubtful', answer: (response) => void response.socket?.resetAndDestroy() },
  tooMany,
]

/** Whatever was on its way when the lines were cut may have arrived. */
export async function cutOff(stage: Stage, { id, name }: ChaosInbox): Promise<void> {
  const rows = await rowsOf<{ id: string }>(
    stage.pool,
    `select id from delivery where inbox_id = $1
      and (state = 'sending' or greatest(first_attempt_at, settled_at) > now() - interval '2 seconds')`,
    [id],
  )
  stage.ledger.killed(
    `${name} refuses`,
    rows.map((row) => row.id),
  )
}
