import type { Api } from './api.ts'
import { openQueue, type Queue } from './queue.ts'
import { type Sender, startSender } from './sender.ts'
import type { Session } from './session.ts'
import { merged, type Store, stillQueued } from './state.ts'
import { type Storage, storageKey } from './storage.ts'
import type { Message, QueuedMessage } from './types.ts'

export interface Outbox {
  write(text: string, files: readonly File[]): void
  retry(clientId: string): void
  discard(clientId: string): void
  /** Something may be waiting, or the network may be back. */
  wake(): void
  clear(): Promise<void>
}

interface Parts {
  readonly inboxId: string
  readonly api: Api
  readonly session: Session
  readonly storage: Storage
  readonly store: Store
  /** Called after each acknowledged message, and when another tab of this website has sent one. */
  readonly onSent: () => void
  /** The visitor signed out in another tab. */
  readonly onSignedOut: () => void
}

/** The visitor's words on their way: shown at once, stored, sent, and told to the other tabs of the website. */
export function startOutbox(parts: Parts): Outbox {
  const { inboxId, session, storage, store } = parts
  const name = storageKey(inboxId)
  const tabs = 'BroadcastChannel' in window ? new BroadcastChannel(name) : undefined
  // On the screen already, on the disk in a moment.
  const unsaved = new Map<string, QueuedMessage>()
  let opened: Promise<{ queue: Queue; sender: Sender }> | undefined

  /** Only once the visitor has written: before that nothing is made on their device. */
  function open(): Promise<{ queue: Queue; sender: Sender }> {
    opened ??= openQueue(name).then((queue) => {
      const onProgress = (clientId: string, share: number): void =>
        store.set({ progress: { ...store.get().progress, [clientId]: share } })
      return { queue, sender: startSender({ ...parts, queue, lockName: name, onChange: changed, onProgress, onSent }) }
    })
    return opened
  }

  async function refresh(): Promise<void> {
    if (!storage.known()) return store.set({ queued: [] })
    const visitor = session.visitor()
    const { queue } = await open()
    const waiting = new Map((await queue.all()).map((message) => [message.clientId, message]))
    if (visitor !== session.visitor()) return
    for (const message of unsaved.values()) waiting.set(message.clientId, message)
    store.set({ queued: stillQueued([...waiting.values()], store.get().messages) })
  }

  function changed(): void {
    void refresh().then(() => tabs?.postMessage('queue'))
  }

  function onSent(message: Message): void {
    store.set({ messages: merged(store.get().messages, [message]) })
    changed()
    parts.onSent()
  }

  function wake(): void {
    if (storage.known()) void open().then(({ sender }) => sender.wake())
  }

  async function keep(message: QueuedMessage): Promise<void> {
    const { queue } = await open()
    if (!unsaved.has(message.clientId)) return
    await queue.put(message)
    unsaved.delete(message.clientId)
    wake()
  }

  async function retry(clientId: string): Promise<void> {
    const { queue } = await open()
    const message = (await queue.all()).find((other) => other.clientId === clientId)
    if (!message) return
    const { failed: _, ...rest } = message
    await queue.put(rest)
    changed()
    wake()
  }

  tabs?.addEventListener('message', ({ data }) => {
    if (data === 'signOut') parts.onSignedOut()
    void refresh().then(parts.onSent)
  })
  void refresh().then(wake)
  return {
    write(text, files) {
      const message = { clientId: newId(), text, files: files.map(queuedFile), at: nextTime(store) }
      unsaved.set(message.clientId, message)
      // From the first words on the website remembers the visitor: their words are waiting here.
      if (!storage.known()) storage.write({})
      store.set({ queued: [...store.get().queued, message] })
      void keep(message)
    },
    retry: (clientId) => void retry(clientId),
    discard: (clientId) => void open().then(({ queue }) => queue.remove(clientId).then(changed)),
    wake,
    async clear() {
      unsaved.clear()
      await opened?.then(({ queue }) => queue.clear())
      store.set({ queued: [], progress: {} })
      tabs?.postMessage('signOut')
    },
  }
}

function queuedFile(file: File, index: number): QueuedMessage['files'][number] {
  return { key: String(index), name: file.name || 'image.png', type: file.type, size: file.size, blob: file }
}

/** Two messages of one millisecond keep their order. */
function nextTime(store: Store): number {
  return Math.max(Date.now(), (store.get().queued.at(-1)?.at ?? 0) + 1)
}

/** `crypto.randomUUID` exists on https only, and some websites are not. */
export function newId(): string {
  if (crypto.randomUUID) return crypto.randomUUID()
  const hex = [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte, index) => (index === 6 ? (byte & 15) | 64 : index === 8 ? (byte & 63) | 128 : byte))
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
