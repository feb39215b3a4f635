import { parentPort } from 'node:worker_threads'
import { parseMail } from './parse-mail.ts'
import type { ReaderAnswer, ReaderTask } from './reader-thread.ts'

const port = parentPort
if (!port) throw new Error('this file is the start of a thread')

port.on('message', async ({ raw, whole, wish }: ReaderTask) => {
  let answer: ReaderAnswer
  const files = new Set<ArrayBuffer>()
  try {
    const mail = await parseMail(raw, whole, wish)
    for (const { bytes } of mail.attachments) files.add(bytes.buffer as ArrayBuffer)
    answer = { mail }
  } catch (error) {
    answer = { fault: error instanceof Error ? error.message : String(error) }
  }
  port.postMessage(answer, [...files])
})
// Loaded; only now does the time of the first mail begin.
port.postMessage('ready')
