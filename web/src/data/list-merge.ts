import type { Conversation } from '../../../src/wire/conversation.ts'

/** What the browser holds of one view: the pages loaded so far, joined. */
export interface ConversationList {
  items: Conversation[]
  next: string | null
}

type Sort = 'lastActivity' | 'waitingSince' | 'due'

function keyOf(item: Conversation, sort: Sort): string {
  if (sort === 'due') return item.due?.at ?? ''
  return (sort === 'waitingSince' ? item.waitingSince : item.lastMessageAt) ?? ''
}

/** Would `item` stand after the last row of the page? Times are RFC 3339 UTC: text order is time order. */
function isAfter(item: Conversation, last: Conversation, sort: Sort): boolean {
  const a = keyOf(item, sort)
  const b = keyOf(last, sort)
  return sort === 'lastActivity' ? a < b : a > b
}

/**
 * A fresh first page over what is there. Rows that would stand within the page but are missing from it have left the view;
 * rows below it stay as loaded. Never goes back in version: a slow answer must not undo a newer one.
 */
export function mergeHead(
  old: ConversationList | undefined,
  head: ConversationList,
  sort: Sort = 'lastActivity',
): ConversationList {
  if (!old || head.next === null) return { items: keepNewer(old, head.items), next: head.next }
  const last = head.items.at(-1)
  if (!last) return head
  const fresh = new Set(head.items.map((item) => item.id))
  const below = old.items.filter((item) => !fresh.has(item.id) && isAfter(item, last, sort))
  return { items: [...keepNewer(old, head.items), ...below], next: below.length ? old.next : head.next }
}

function keepNewer(old: ConversationList | undefined, items: Conversation[]): Conversation[] {
  const held = new Map(old?.items.map((item) => [item.id, item]))
  return items.map((item) => {
    const before = held.get(item.id)
    return before && before.version > item.version ? before : item
  })
}

export function appendPage(old: ConversationList, page: ConversationList): ConversationList {
  const known = new Set(old.items.map((item) => item.id))
  return { items: [...old.items, ...page.items.filter((item) => !known.has(item.id))], next: page.next }
}

/** One row changed: replaced where it stands. */
export function replaceRow(old: ConversationList, changed: Conversation): ConversationList {
  const at = old.items.findIndex((item) => item.id === changed.id)
  if (at < 0) return old
  return { ...old, items: old.items.with(at, changed) }
}

export interface Arranged {
  /** Ids in the order shown. */
  order: string[]
  /** Rows that wait in the bar. */
  waiting: number
  urgent: boolean
}

/**
 * What is painted. While the pointer is at work (`held`) nothing moves: new rows wait, gone rows stay. The selected row keeps
 * its place even when it no longer belongs to the view, until another is selected.
 */
export function arrange(
  shown: readonly string[],
  items: readonly Conversation[],
  { held, selected }: { held: boolean; selected: string | null },
): Arranged {
  const wanted = items.map((item) => item.id)
  if (held && shown.length > 0) {
    const seen = new Set(shown)
    const lastShown = wanted.findLastIndex((id) => seen.has(id))
    const fresh = items.filter((item, at) => !seen.has(item.id) && at < lastShown)
    const older = wanted.filter((id, at) => !seen.has(id) && at > lastShown)
    const moved = firstMoved(shown, wanted)
    return {
      order: [...shown, ...older],
      waiting: Math.max(fresh.length, moved),
      urgent: fresh.some((item) => item.priority === 'urgent'),
    }
  }
  if (selected && !wanted.includes(selected) && shown.includes(selected)) {
    const order = [...wanted]
    order.splice(Math.min(shown.indexOf(selected), order.length), 0, selected)
    return { order, waiting: 0, urgent: false }
  }
  return { order: wanted, waiting: 0, urgent: false }
}

/** How many rows would jump over the first row shown. */
function firstMoved(shown: readonly string[], wanted: readonly string[]): number {
  const top = shown.find((id) => wanted.includes(id))
  return top === undefined ? 0 : wanted.indexOf(top)
}
