import { expect, test } from 'vitest'
import { findEvidence, indexPhrasings } from '../../../src/bot/phrasing-evidence.ts'
import { visitFeatures } from '../../../src/bot/text-features.ts'
import { chosenOf } from '../../../src/domain/bot-choice.ts'
import { isThanks, previewOf } from '../../../src/domain/conversation.ts'
import { handOverReason } from '../../../src/domain/hand-over-words.ts'
import { textLanguage } from '../../../src/domain/text-language.ts'
import { summarise } from '../../../src/domain/thread-summary.ts'

const size = 100_000
const long = (piece: string) => piece.repeat(Math.ceil(size / piece.length))
const index = await indexPhrasings([
  { text: 'my withdrawal is late', category: 'late' },
  { text: '입금 안 들어왔어요', category: 'deposit' },
])

const readers: Record<string, (text: string) => unknown> = {
  'what hands over': handOverReason,
  'the language': (text) => textLanguage(text, { languages: ['en', 'ru'], detect: null }),
  'a choice': (text) => chosenOf([{ id: '1', label: 'One' }], text),
  thanks: isThanks,
  'a preview': (text) => previewOf(text, ''),
  'a summary': (text) => summarise(Array.from({ length: 8 }, (_, at) => ({ id: `${at}`, direction: 'in', text }))),
  'the evidence': (text) => findEvidence(index, text),
  'the features': (text) => visitFeatures(text, () => {}),
}

const texts = [
  long('a'),
  long('@'),
  `${long('a')}@`,
  long('a@'),
  long(' '),
  `x${long(' ')}x`,
  long('account '),
  long('my account '),
  long('질문'),
  `어떻게${long(' ')}`,
  long('안'),
  long('어'),
  long('확인좀'),
  long('ать'),
  long('буду '),
  long('不好意思'),
  long('!?'),
  long('1-'),
]

test.each(Object.entries(readers))('100 kB meant to be slow cost «%s» no more than 50 ms', async (_what, read) => {
  await read('warm')
  for (const text of texts) {
    const times = []
    for (let round = 0; round < 2; round++) {
      const before = process.cpuUsage()
      await read(text)
      times.push(process.cpuUsage(before).user / 1_000)
    }
    expect(Math.min(...times), `${text.slice(0, 12)}…`).toBeLessThan(50)
  }
})
