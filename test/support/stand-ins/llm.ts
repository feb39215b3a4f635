import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the model says next: text, or whatever a broken one does with the connection. */
export type Mood = string | ((answer: ServerResponse, asked: LlmRequest) => void)

export interface LlmRequest {
  readonly authorization: string | undefined
  readonly body: { readonly messages: readonly { readonly role: string; readonly content: string }[] }
}

/** Speaks like OpenAI's chat completions, and says what it is told to say. With a port it can be where a former one was. */
export async function startLlm(port = 0) {
  const asked: LlmRequest[] = []
  const stage: { mood: Mood } = { mood: '{"sentences":[]}' }
  const server = createServer((request, answer) => {
    if (request.url?.endsWith('/models')) return void answer.end('{"data":[]}')
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as LlmRequest['body']
      const one = { authorization: request.headers.authorization, body }
      asked.push(one)
      if (typeof stage.mood === 'function') return stage.mood(answer, one)
      answer.setHeader('content-type', 'application/json')
      answer.end(JSON.stringify({ choices: [{ message: { role: 'assistant', content: stage.mood } }] }))
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve)
  })
  const at = (server.address() as AddressInfo).port
  return {
    port: at,
    url: `http://127.0.0.1:${at}/v1`,
    asked,
    say: (mood: Mood) => {
      stage.mood = mood
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

export function sentences(...said: readonly (readonly [text: string, article: string])[]): string {
  return JSON.stringify({ sentences: said.map(([text, article]) => ({ text, article })) })
}
