import { invalid, notFound, type XAnswer, yes } from './problems.ts'
import { nextId, type XState } from './state.ts'

const most: Readonly<Record<string, number>> = { image: 5_000_000, gif: 15_000_000, video: 512_000_000 }

export function initialize(state: XState, body: Readonly<Record<string, unknown>>): XAnswer {
  const { media_type: type, total_bytes: total, media_category: category, ...strange } = body
  if (Object.keys(strange).length > 0 || typeof type !== 'string' || typeof total !== 'number') return invalid('media')
  const kind = /^(?:dm|tweet)_(image|gif|video)$/.exec(String(category))?.[1]
  if (!kind) return invalid(`media_category: ${String(category)} is not one of the allowed values`)
  if (total > (most[kind] ?? 0)) return invalid('File size exceeds the limit')
  const id = nextId(state)
  const pending = kind === 'video' ? 1 : 0
  state.uploads.set(id, { type, category: String(category), total, segments: new Map(), pending, finalized: false })
  return yes({ data: { id, media_key: `3_${id}`, expires_after_secs: 86_400 } })
}

export async function append(state: XState, id: string, form: FormData | null): Promise<XAnswer> {
  const upload = state.uploads.get(id)
  if (!upload) return notFound
  const media = form?.get('media')
  const index = Number(form?.get('segment_index') ?? Number.NaN)
  if (!(index >= 0 && index <= 999) || media === null || media === undefined) return invalid('segment_index')
  const bytes = typeof media === 'string' ? Buffer.from(media) : Buffer.from(await media.arrayBuffer())
  if (bytes.length > 5_000_000) return invalid('A segment is larger than 5 MB')
  upload.segments.set(index, bytes)
  return yes({ data: { expires_at: 1 } })
}

export function finalize(state: XState, id: string): XAnswer {
  const upload = state.uploads.get(id)
  if (!upload) return notFound
  const held = [...upload.segments.values()].reduce((sum, part) => sum + part.length, 0)
  if (held !== upload.total) return invalid('Segments do not add up to provided total file size.')
  upload.finalized = true
  return yes({ data: { id, media_key: `3_${id}`, size: held, ...processing(upload.pending) } })
}

export function status(state: XState, id: string): XAnswer {
  const upload = state.uploads.get(id)
  if (!upload) return notFound
  const answer = yes({ data: { id, ...processing(upload.pending) } })
  upload.pending = Math.max(0, upload.pending - 1)
  return answer
}

function processing(pending: number) {
  return pending > 0
    ? { processing_info: { state: 'in_progress', check_after_secs: 0, progress_percent: 50 } }
    : { processing_info: { state: 'succeeded', progress_percent: 100 } }
}
