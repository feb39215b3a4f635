import { z } from 'zod'

const at = 40

const head = z.object({
  calibration: z.object({ threshold: z.number(), coverage: z.number(), precision: z.number() }),
})

/** What a stored model (model-file.ts) promises, read from its beginning. null: nothing, or it is not readable. */
export function calibrationIn(bytes: Uint8Array): z.infer<typeof head>['calibration'] | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (buffer.length < at + 4) return null
  try {
    const length = buffer.readUInt32LE(at)
    const { calibration } = head.parse(JSON.parse(buffer.toString('utf8', at + 4, at + 4 + length)))
    // Above 1: it never answers by this alone.
    return calibration.threshold > 1 ? null : calibration
  } catch {
    return null
  }
}
