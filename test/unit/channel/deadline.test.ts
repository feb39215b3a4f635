import { getEventListeners } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { deadline, within } from '../../../src/channel/deadline.ts'

setFlagsFromString('--expose_gc')
const collect = runInNewContext('gc') as () => void

test('a deadline ends the work though garbage is collected meanwhile', async () => {
  const outer = new AbortController()
  let ended = 0
  for (let n = 0; n < 50; n += 1) deadline(120, outer.signal).signal.addEventListener('abort', () => (ended += 1))
  collect()
  await pause(20)
  collect()
  await expect.poll(() => ended, { timeout: 2_000 }).toBe(50)
})

test('work ends with the signal it was given, by its reason', async () => {
  const outer = new AbortController()
  const { signal } = deadline(60_000, outer.signal)
  outer.abort(new Error('enough'))
  expect(signal.reason).toEqual(new Error('enough'))
  expect(deadline(60_000, outer.signal).signal.aborted).toBe(true)
})

test('work that is over leaves nothing listening', async () => {
  const outer = new AbortController()
  await expect(within(60_000, outer.signal, async () => 'done')).resolves.toBe('done')
  await expect(within(60_000, outer.signal, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed')
  expect(getEventListeners(outer.signal, 'abort')).toEqual([])
})
