import { parentPort } from 'node:worker_threads'
import { trainBotModel } from './bot-model.ts'
import { modelToBytes } from './model-file.ts'
import type { TrainingTask } from './train-in-thread.ts'

const port = parentPort
if (!port) throw new Error('this file is the start of a thread')

port.once('message', ({ phrasings, wish }: TrainingTask) => {
  const bytes = modelToBytes(trainBotModel(phrasings, wish))
  const own = bytes.buffer.byteLength === bytes.byteLength ? bytes : Uint8Array.from(bytes)
  port.postMessage(own, [own.buffer as ArrayBuffer])
})
