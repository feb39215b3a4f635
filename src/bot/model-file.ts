import { createHash } from 'node:crypto'
import type { BotModel } from './bot-model.ts'
import { withIndex } from './vocabulary.ts'

/**
 * eight bytes of mark and version · sha256 of what follows · length of the head · head (JSON) · the arrays, little endian, each from a
 * multiple of four on. What another version wrote is trained anew, never guessed at.
 */
const mark = Buffer.from('TRBBOT01')
const digestLength = 32
const start = mark.length + digestLength

interface Head {
  readonly categories: readonly string[]
  readonly calibration: BotModel['calibration']
  readonly features: number
}

/** What was read is no model of this version, or not all of it. */
export class BadModelFile extends Error {
  constructor(what: string) {
    super(`This is not a usable model of the bot: ${what}. Train it anew.`)
    this.name = 'BadModelFile'
  }
}

export function modelToBytes({ classifier, calibration }: BotModel): Buffer {
  const { categories, vocabulary, weights, offsets } = classifier
  const head: Head = { categories, calibration, features: vocabulary.hashes.length }
  const text = Buffer.from(JSON.stringify(head))
  const padded = Buffer.alloc(4 + Math.ceil(text.length / 4) * 4, ' ')
  padded.writeUInt32LE(padded.length - 4)
  text.copy(padded, 4)
  const arrays = [vocabulary.hashes, vocabulary.weights, offsets, weights]
  const content = Buffer.concat([
    padded,
    ...arrays.map((one) => Buffer.from(one.buffer, one.byteOffset, one.byteLength)),
  ])
  return Buffer.concat([mark, createHash('sha256').update(content).digest(), content])
}

export function modelFromBytes(bytes: Uint8Array): BotModel {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (!buffer.subarray(0, mark.length).equals(mark))
    throw new BadModelFile('another program or another version wrote it')
  const content = buffer.subarray(start)
  const digest = createHash('sha256').update(content).digest()
  if (!buffer.subarray(mark.length, start).equals(digest)) throw new BadModelFile('it was cut off or changed')
  const length = content.readUInt32LE()
  const head = JSON.parse(content.toString('utf8', 4, 4 + length)) as Head
  let at = start + 4 + length
  const next = (count: number) => {
    // A copy of its own: typed arrays must begin at a multiple of four, and must not hold on to the file.
    const piece = new Uint8Array(buffer.subarray(at, at + count * 4))
    at += count * 4
    return piece.buffer
  }
  const { categories, calibration, features } = head
  const hashes = new Uint32Array(next(features))
  const vocabulary = withIndex({ hashes, weights: new Float32Array(next(features)) })
  const offsets = new Float32Array(next(categories.length))
  const weights = new Float32Array(next(features * categories.length))
  return { classifier: { categories, vocabulary, offsets, weights }, calibration }
}
