import { Worker } from 'node:worker_threads'
import { type CalibrationWish, defaultWish } from './calibration.ts'
import type { Phrasing } from './classifier.ts'

export interface TrainingTask {
  readonly phrasings: readonly Phrasing[]
  readonly wish: CalibrationWish
}

/** Several times what 20,000 phrasings of 300 categories take; whoever has more is told, the program lives on. */
const resourceLimits = { maxOldGenerationSizeMb: 1_024 }

/**
 * Trains while everything else goes on. Resolves with the model as bytes (`modelFromBytes`), which are also what is stored.
 * Rejects when training failed, ran out of memory or was given up; the thread is gone then.
 */
export async function trainInThread(
  phrasings: readonly Phrasing[],
  { wish = defaultWish, signal }: { readonly wish?: CalibrationWish; readonly signal?: AbortSignal } = {},
): Promise<Uint8Array> {
  signal?.throwIfAborted()
  // Tests run the sources, which Node 20 does not take as they are.
  const sources = import.meta.url.endsWith('.ts')
  const file = new URL(sources ? './train-worker.ts' : './train-worker.js', import.meta.url)
  const loader = new URL('../../bin/run-sources.js', import.meta.url).href
  const worker = new Worker(file, { execArgv: sources ? ['--import', loader] : [], resourceLimits })
  const task: TrainingTask = { phrasings: phrasings.map(({ text, category }) => ({ text, category })), wish }
  let giveUp = () => {}
  try {
    return await new Promise<Uint8Array>((resolve, reject) => {
      giveUp = () => reject(signal?.reason as Error)
      worker.once('message', resolve).once('error', reject)
      worker.once('exit', (code) => reject(new Error(`the training thread ended with ${code}`)))
      signal?.addEventListener('abort', giveUp, { once: true })
      worker.postMessage(task)
    })
  } finally {
    signal?.removeEventListener('abort', giveUp)
    await worker.terminate()
  }
}
