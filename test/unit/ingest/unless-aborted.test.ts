import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { unlessAborted } from '../../../src/ingest/receive-run.ts'

test('waiting beside a signal leaves nothing listening to it, however it ends', async () => {
  const { signal } = new AbortController()
  await expect(unlessAborted(Promise.resolve(7), signal)).resolves.toBe(7)
  await expect(unlessAborted(Promise.reject(new Error('no')), signal)).rejects.toThrow('no')
  expect(getEventListeners(signal, 'abort')).toEqual([])
})

test('an abort ends the waiting, and what comes later is nobody’s business', async () => {
  const controller = new AbortController()
  const waiting = unlessAborted(new Promise<number>(() => {}), controller.signal)
  controller.abort()
  await expect(waiting).resolves.toBeNull()
})
