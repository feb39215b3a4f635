import { expect, test } from 'vitest'
import { fileFault, fileSentence } from '../../../src/channel/file-fault.ts'

const kinds = [
  { name: 'JPEG', type: 'image/jpeg', maxBytes: 5 },
  { name: 'MP4', type: 'video/mp4', maxBytes: 50 },
]

test('each kind has its own size, and what is no kind at all is told which there are', () => {
  const can = { maxBytes: 50, kinds }
  expect(fileFault(can, { type: 'image/jpeg', size: 5 })).toBeNull()
  expect(fileFault(can, { type: 'image/jpeg', size: 6 })).toEqual({ code: 'fileTooLarge', limit: 5 })
  expect(fileFault(can, { type: 'video/mp4', size: 6 })).toBeNull()
  expect(fileFault(can, { type: 'application/pdf', size: 1 })).toEqual({ code: 'fileKind', limit: 'JPEG, MP4' })
})

test('where any file is taken only its size counts', () => {
  expect(fileFault({ maxBytes: 5 }, { type: 'application/pdf', size: 5 })).toBeNull()
  const fault = fileFault({ maxBytes: 5_000_000 }, { type: 'application/pdf', size: 5_000_001 })
  expect(fault && fileSentence('Loop', 'a.pdf', fault)).toContain('up to 5 MB')
})
