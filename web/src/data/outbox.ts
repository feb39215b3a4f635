import type { Attachment, Message, MessageAnswer, NewMessage } from '../../../src/wire/message.ts'
import { type Api, ApiError, isOffline } from './api.ts'
import type { Envelope } from './letter.ts'
import { createStore, keepJson, keptJson, type Store } from './store.ts'

/** A message pressed "send" on, until the server has it. */
export interface Outgoing {
  clientId: string
  conversationId: string
  kind: 'reply' | 'note'
  text: string
  attachments: Attachment[]
  replyTo: string | null
  /** Where letters are exchanged: as the agent saw it when sending. */
  envelope?: Envelope | null
  basedOn: number
  at: string
  state: 'sending' | 'waiting' | 'refused' | 'overtaken'
  /** Why it was refused, or what changed (`overtaken`). */
  error?: string
  /** The server's word for it. */
  code?: string
  details?: unknown
}

export interface Outbox {
  readonly pending: Store<readonly Outgoing[]>
  send(message: Outgoing): void
  /** Once more with the same clientId: at the server it stays one message. */
  retry(clientId: string, force?: boolean): void
  discard(clientId: string): void
  stop(): void
}

/** One message at a time for each conversation, in the order written; survives a reload; repeated until answered. */
export function createOutbox(api: Api, owner: string, onSent: (message: Message) => void): Outbox {
  const key = `tributary.outbox.${owner}`
  const pending = createStore<readonly Outgoing[]>(
    keptJson<Outgoing[]>(key, []).map((entry) => (entry.state === 'sending' ? { ...entry, state: 'waiting' } : entry)),
  )
  pending.subscribe(() => keepJson(key, pending.get().length ? pending.get() : null))
  const busy = new Set<string>()
  const failures = new Map<string, number>()
  const timers = new Set<ReturnType<typeof setTimeout>>()
  let stopped = false

  function patch(clientId: string, change: Partial<Outgoing>): void {
    pending.set((old) => old.map((entry) => (entry.clientId === clientId ? { ...entry, ...change } : entry)))
  }
  function remove(clientId: string): void {
    failures.delete(clientId)
    pending.set((old) => old.filter((entry) => entry.clientId !== clientId))
  }

  async function pump(conversationId: string, force = false): Promise<void> {
    if (stopped || busy.has(conversationId)) return
    const entry = next(conversationId)
    if (!entry) return
    busy.add(conversationId)
    let answered = true
    patch(entry.clientId, { state: 'sending' })
    try {
      const { message } = await api.send<MessageAnswer>(
        'POST',
        `/conversations/${conversationId}/messages`,
        bodyOf(entry, force),
      )
      remove(entry.clientId)
      onSent(message)
    } catch (error) {
      patch(entry.clientId, outcome(error))
      answered = !isOffline(error) && !isLater(error)
      if (!answered) again(entry)
    } finally {
      busy.delete(conversationId)
    }
    if (answered) void pump(conversationId)
  }

  function next(conversationId: string): Outgoing | undefined {
    return pending
      .get()
      .find((one) => one.conversationId === conversationId && (one.state === 'sending' || one.state === 'waiting'))
  }

  function again(entry: Outgoing): void {
    const n = (failures.get(entry.clientId) ?? 0) + 1
    failures.set(entry.clientId, n)
    const timer = setTimeout(
      () => {
        timers.delete(timer)
        void pump(entry.conversationId)
      },
      Math.min(30_000, 1000 * 2 ** (n - 1)) * (0.75 + Math.random() / 2),
    )
    timers.add(timer)
  }

  function pumpAll(): void {
    for (const id of new Set(pending.get().map((entry) => entry.conversationId))) void pump(id)
  }
  window.addEventListener('online', pumpAll)
  pumpAll()

  return {
    pending,
    send(message) {
      pending.set((old) => [...old, message])
      void pump(message.conversationId)
    },
    retry(clientId, force = false) {
      const entry = pending.get().find((one) => one.clientId === clientId)
      if (!entry) return
      patch(clientId, { state: 'waiting' })
      void pump(entry.conversationId, force)
    },
    discard(clientId) {
      const entry = pending.get().find((one) => one.clientId === clientId)
      remove(clientId)
      if (entry) void pump(entry.conversationId)
    },
    stop() {
      stopped = true
      window.removeEventListener('online', pumpAll)
      for (const timer of timers) clearTimeout(timer)
    },
  }
}

function bodyOf(entry: Outgoing, force: boolean): NewMessage {
  return {
    kind: entry.kind,
    text: entry.text,
    clientId: entry.clientId,
    ...(entry.attachments.length ? { attachments: entry.attachments.map((file) => file.id) } : {}),
    ...(entry.replyTo ? { replyTo: entry.replyTo } : {}),
    ...(entry.kind === 'reply' ? { basedOn: entry.basedOn } : {}),
    ...(entry.kind === 'reply' && entry.envelope ? envelopeBody(entry.envelope) : {}),
    ...(force ? { force: true } : {}),
  }
}

function envelopeBody({ to, cc, bcc, subject }: Envelope): Pick<NewMessage, 'to' | 'cc' | 'bcc' | 'subject'> {
  return { to: [...to], cc: [...cc], bcc: [...bcc], ...(subject.trim() ? { subject: subject.trim() } : {}) }
}

function isLater(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 429 || error.status >= 500)
}

function outcome(error: unknown): Partial<Outgoing> {
  if (isOffline(error) || isLater(error)) return { state: 'waiting' }
  if (error instanceof ApiError && error.code === 'conflict') {
    return { state: 'overtaken', error: error.message, details: error.details }
  }
  const code = error instanceof ApiError ? { code: error.code } : {}
  return { state: 'refused', error: error instanceof Error ? error.message : String(error), ...code }
}
