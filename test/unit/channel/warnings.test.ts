import { expect, test } from 'vitest'
import { createWarnings } from '../../../src/channel/warnings.ts'

test('each part is told until it works again, and whoever listens later learns what stands', () => {
  const warnings = createWarnings()
  const said: (string | null)[] = []
  const sink = { warn: (sentence: string | null) => void said.push(sentence) }
  warnings.set('sending', 'Nothing can be sent.')
  warnings.tell(sink)
  warnings.set('mentions', 'No mentions come in.')
  warnings.set('mentions', 'No mentions come in.')
  warnings.set('sending', null)
  warnings.set('mentions', null)
  expect(said).toEqual([
    'Nothing can be sent.',
    'Nothing can be sent.\nNo mentions come in.',
    'No mentions come in.',
    null,
  ])
})
