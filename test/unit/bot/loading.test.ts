import { afterAll, beforeAll, expect, test } from 'vitest'
import { createBotEngine } from '../../../src/bot/engine.ts'
import { type LoopWatch, longestGap, ownGap, watchLoop } from '../../support/loop-gap.ts'

let watch: LoopWatch
beforeAll(async () => {
  watch = await watchLoop()
})
afterAll(() => watch.close())

const words = 'withdrawal deposit network address fee limit verify passport password account order margin'.split(' ')
const said = (seed: number) =>
  Array.from({ length: 12 }, (_, at) => words[(seed * 7 + at * at) % words.length]).join(' ')
const articles = Array.from({ length: 200 }, (_, id) => ({
  id: `${id}`,
  locale: 'en',
  title: `Article ${id}`,
  summary: said(id),
  body: Array.from({ length: 30 }, (_, line) => `${said(id + line)} ${id}-${line}`).join('\n'),
  phrasings: Array.from({ length: 10 }, (_, at) => `${said(id * 3 + at)} ${id}`),
}))

test('nobody else waits while two hundred articles are taken in', async () => {
  const ask = () =>
    createBotEngine({ articles, model: null }).decide({ text: 'fee?', locale: 'en', misses: 0, askedBack: false })
  await ask()
  let least = Number.POSITIVE_INFINITY
  // The machine's own pauses come and go; what blocks blocks every time.
  for (let round = 0; round < 6 && least > longestGap; round++) {
    least = Math.min(least, ownGap(await watch.during(ask)))
  }
  expect(least).toBeLessThanOrEqual(longestGap)
})
