import type { Activity } from '../../../src/wire/conversation.ts'
import type { Message } from '../../../src/wire/message.ts'

export type Row =
  | { kind: 'day'; key: string; at: string }
  | { kind: 'new'; key: string }
  /** `before`: the message that follows. */
  | { kind: 'activities'; key: string; activities: Activity[]; before: Message | null }
  | { kind: 'message'; key: string; message: Message; startsRun: boolean; endsRun: boolean }

/** Changes an agent is told of; the rest is the machine's own business and divides nothing. */
const told = new Set([
  'statusChanged',
  'addressConfirmed',
  'cameFrom',
  'erasureAsked',
  'reopened',
  'assigned',
  'escalated',
  'topicChanged',
  'teamChanged',
  'priorityChanged',
  'answersGiven',
  'tagsChanged',
  'subjectChanged',
  'merged',
  'mergedInto',
  'split',
  'splitFrom',
  'keptApart',
  'contactMerged',
  'contactUnmerged',
  'botHandedOver',
  'botGiven',
])
const runGap = 5 * 60_000

/** Messages and activities as painted: days divided, runs of one sender joined, what came since the last look marked. */
export function transcriptRows(
  messages: readonly Message[],
  activities: readonly Activity[],
  readSeq: number | null,
): Row[] {
  const rows: Row[] = []
  const first = messages[0]
  const pending = activities
    .filter((activity) => told.has(activity.kind))
    .filter((activity) => !first || (activity.afterSeq ?? 0) >= first.seq - 1)
    .toSorted((a, b) => (a.afterSeq ?? 0) - (b.afterSeq ?? 0) || Date.parse(a.createdAt) - Date.parse(b.createdAt))
  let before: Message | null = null
  let marked = false
  const flush = (belowSeq: number, next: Message | null) => {
    const due: Activity[] = []
    while (pending[0] && (pending[0].afterSeq ?? 0) < belowSeq) due.push(pending.shift() as Activity)
    if (due.length) rows.push({ kind: 'activities', key: `a${due[0]?.id}`, activities: due, before: next })
    return due.length > 0
  }
  for (const message of messages) {
    const interrupted = flush(message.seq, message)
    const newDay = !before || new Date(before.createdAt).toDateString() !== new Date(message.createdAt).toDateString()
    if (newDay) rows.push({ kind: 'day', key: `d${message.seq}`, at: message.createdAt })
    const isNew =
      !marked &&
      readSeq !== null &&
      readSeq > 0 &&
      message.seq > readSeq &&
      message.direction === 'in' &&
      before !== null
    if (isNew) {
      rows.push({ kind: 'new', key: 'new' })
      marked = true
    }
    const startsRun = interrupted || newDay || isNew || !before || !sameRun(before, message)
    const last = rows.at(-1)
    if (last?.kind === 'message') last.endsRun = startsRun
    rows.push({ kind: 'message', key: message.id, message, startsRun, endsRun: true })
    before = message
  }
  flush(Number.POSITIVE_INFINITY, null)
  return rows
}

function sameRun(a: Message, b: Message): boolean {
  return (
    a.direction === b.direction &&
    a.direction !== 'note' &&
    a.sender.type === b.sender.type &&
    a.sender.id === b.sender.id &&
    Date.parse(b.createdAt) - Date.parse(a.createdAt) < runGap
  )
}
