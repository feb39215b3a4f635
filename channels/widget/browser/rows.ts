import { clock, dayName, exact, sameDay } from './format.ts'
import type { Words } from './locales.ts'
import { compareIds, type State } from './state.ts'
import type { Attachment, Block, Message, QueuedFile, QueuedMessage } from './types.ts'

export interface ShownFile {
  readonly key: string
  readonly name: string
  readonly type: string
  readonly size: number | null
  readonly url: string | null
  readonly blob?: Blob
}

export interface MessageRow {
  readonly kind: 'message'
  readonly key: string
  readonly mine: boolean
  /** Stands above the first of a run. */
  readonly name?: string
  readonly bot?: boolean
  readonly avatar?: string | null
  readonly lastOfRun: boolean
  readonly text: string
  readonly blocks?: readonly Block[]
  readonly quote?: string
  readonly files: readonly ShownFile[]
  readonly time: string
  readonly exact: string
  readonly note?: string
  readonly status?: string
  /** 0 to 1 while its files go up. */
  readonly progress?: number
  readonly failed?: string
  readonly clientId?: string
  /** Offers this form. */
  readonly form?: string
}

export type Row = { readonly kind: 'day'; readonly key: string; readonly text: string } | MessageRow

interface Context {
  readonly state: State
  readonly words: Words
  readonly locale: string
  readonly byId: ReadonlyMap<string, Message>
}

interface Entry {
  readonly who: string
  readonly at: Date
  readonly row: Omit<MessageRow, 'lastOfRun' | 'name'>
  readonly name: string
}

/** The words on the screen, from top to bottom: what the server has, then what still waits here. */
export function rowsOf(state: State, words: Words, locale: string): readonly Row[] {
  const byId = new Map(state.messages.map((message) => [message.id, message]))
  const context: Context = { state, words, locale, byId }
  const lastMine = state.messages.findLast((message) => message.from === 'visitor')?.id
  const entries = [
    ...state.messages.map((message) => serverEntry(message, context, message.id === lastMine)),
    ...state.queued.map((message) => queuedEntry(message, context)),
  ]
  return entries.flatMap((entry, index) => {
    const before = entries[index - 1]
    const after = entries[index + 1]
    const newDay = !before || !sameDay(before.at, entry.at)
    const firstOfRun = newDay || before.who !== entry.who
    const lastOfRun = !after || after.who !== entry.who || !sameDay(after.at, entry.at)
    const day: Row = { kind: 'day', key: `day ${entry.at.toDateString()}`, text: dayName(entry.at, locale, words) }
    const row: Row = { ...entry.row, lastOfRun, ...(firstOfRun && entry.name && { name: entry.name }) }
    return newDay ? [day, row] : [row]
  })
}

function serverEntry(message: Message, context: Context, newestOfMine: boolean): Entry {
  const { words, locale, state, byId } = context
  const at = new Date(message.at)
  const mine = message.from === 'visitor'
  const seen = state.seenUpTo !== null && compareIds(message.id, state.seenUpTo) <= 0
  const quoted = message.replyTo ? byId.get(message.replyTo) : undefined
  return {
    who: mine ? 'me' : `${message.sender?.type} ${message.sender?.name}`,
    name: mine ? '' : message.sender?.name || words.support,
    at,
    row: {
      kind: 'message',
      key: message.clientId ?? message.id,
      mine,
      text: message.deleted ? words.deleted : message.text,
      ...(message.blocks && !message.deleted && { blocks: message.blocks }),
      ...(quoted && !quoted.deleted && { quote: quoted.text.slice(0, 140) }),
      files: message.deleted ? [] : message.attachments.map(shownAttachment),
      time: clock(at, locale),
      exact: exact(at, locale),
      ...(!mine && { avatar: message.sender?.avatar ?? null, bot: message.sender?.type === 'bot' }),
      ...noteOf(message, words),
      ...(message.form !== undefined && state.forms && { form: message.form }),
      ...(mine && newestOfMine && { status: seen ? words.seen : words.sent }),
    },
  }
}

function noteOf({ edited, deleted, byLetter }: Message, words: Words): Pick<MessageRow, 'note'> {
  const notes = [byLetter ? words.byMail : '', edited && !deleted ? words.edited : ''].filter(Boolean)
  return notes.length > 0 ? { note: notes.join(' · ') } : {}
}

function queuedEntry(message: QueuedMessage, { state, words, locale }: Context): Entry {
  const at = new Date(message.at)
  const progress = state.progress[message.clientId]
  return {
    who: 'me',
    name: '',
    at,
    row: {
      kind: 'message',
      key: message.clientId,
      clientId: message.clientId,
      mine: true,
      text: message.text,
      files: message.files.map(shownQueued),
      time: clock(at, locale),
      exact: exact(at, locale),
      ...(message.failed !== undefined
        ? { failed: message.failed }
        : { status: state.online ? words.sending : words.waiting }),
      ...(progress !== undefined && message.files.length > 0 && { progress }),
    },
  }
}

function shownAttachment({ id, name, type, size, url }: Attachment): ShownFile {
  return { key: id, name, type, size, url }
}

function shownQueued({ key, name, type, size, blob }: QueuedFile): ShownFile {
  return { key, name, type, size, url: null, blob }
}
