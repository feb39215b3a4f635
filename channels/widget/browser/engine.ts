import { createApi } from './api.ts'
import { startLive } from './live.ts'
import { openQueue } from './queue.ts'
import { createReader } from './reader.ts'
import { startSender } from './sender.ts'
import { createSession } from './session.ts'
import { createStore, type Store, stillQueued, unreadCount } from './state.ts'
import { openStorage, storageKey } from './storage.ts'
import { createSync } from './sync.ts'
import type { PanelOptions, QueuedFile, QueuedMessage } from './types.ts'
import { onWake } from './wake.ts'

/** What the screen can ask for. It never waits for an answer: the state changes. */
export interface Engine {
  readonly store: Store
  write(text: string, files: readonly File[]): void
  retry(clientId: string): void
  discard(clientId: string): void
  typing(): void
  older(): Promise<void>
  /** The newest words are on the screen. */
  look(): void
  setOpen(open: boolean): void
  identify(token: string): Promise<void>
  signOut(): Promise<void>
}

export function startEngine(options: PanelOptions): Engine {
  const { inboxId, base } = options
  const store = createStore()
  const api = createApi(base, inboxId, options.locale)
  const storage = openStorage(inboxId)
  const session = createSession(api, storage)
  const sync = createSync(api, session, store)
  const reader = createReader(api, session, store)
  const queueReady = openQueue(storageKey(inboxId))
  const tabs = 'BroadcastChannel' in window ? new BroadcastChannel(storageKey(inboxId)) : undefined

  // On the screen already, on the disk in a moment.
  const unsaved = new Map<string, QueuedMessage>()

  const refreshQueue = async (): Promise<void> => {
    const waiting = new Map((await (await queueReady).all()).map((message) => [message.clientId, message]))
    for (const message of unsaved.values()) waiting.set(message.clientId, message)
    store.set({ queued: stillQueued([...waiting.values()], store.get().messages) })
  }
  const pull = async (fresh = false): Promise<void> => {
    await sync.pull(fresh)
    store.set({ queued: stillQueued(store.get().queued, store.get().messages) })
    const newest = store.get().messages.findLast((message) => message.from === 'support')
    if (newest) live.acknowledge(newest.id)
  }
  let typingEnds: ReturnType<typeof setTimeout> | undefined
  const live = startLive(() => liveUrl(), {
    onHint: (changed) => void pull(changed),
    onTyping(supportTyping) {
      clearTimeout(typingEnds)
      store.set({ supportTyping })
      if (supportTyping) typingEnds = setTimeout(() => store.set({ supportTyping: false }), 6_000)
    },
  })
  const liveUrl = (): string | undefined => {
    const token = session.token()
    return token && api.socketUrl(token)
  }
  const sender = queueReady.then((queue) =>
    startSender({
      api,
      queue,
      session,
      lockName: storageKey(inboxId),
      onChange: () => void changed(),
      onProgress: (clientId, share) => store.set({ progress: { ...store.get().progress, [clientId]: share } }),
      onSent() {
        live.wake()
        void pull().then(changed)
      },
    }),
  )
  const changed = async (): Promise<void> => {
    await refreshQueue()
    tabs?.postMessage('queue')
  }
  const wakeSender = (): void => void sender.then((it) => it.wake())

  function wake(): void {
    store.set({ online: navigator.onLine !== false })
    if (!store.get().online) return
    wakeSender()
    if (!session.token()) return
    live.wake()
    void pull(true)
  }

  const loadSettings = async (): Promise<void> => {
    if (!store.get().settings) store.set({ settings: await api.settings().catch(() => null) })
  }

  tabs?.addEventListener('message', () => void refreshQueue().then(() => pull()))
  store.subscribe((state) => options.onUnread(unreadCount(state, reader.readUpTo)))
  onWake(wake, () => {
    // Without a socket (a proxy may forbid it) the page asks by itself.
    if (session.token() && !live.connected && store.get().online) void pull()
  })
  void refreshQueue().then(wake)

  let lastTyping = 0
  return {
    store,
    write(text, files) {
      const clientId = newId()
      const queued: QueuedFile[] = files.map((file, index) => ({
        key: String(index),
        name: file.name || 'image.png',
        type: file.type,
        size: file.size,
        blob: file,
      }))
      const message = { clientId, text, files: queued, at: nextTime(store) }
      unsaved.set(clientId, message)
      // From the first words on the website remembers the visitor: their words are waiting here.
      if (storage.read().token === undefined) storage.write({})
      store.set({ queued: [...store.get().queued, message] })
      lastTyping = 0
      void queueReady.then(async (queue) => {
        await queue.put(message)
        unsaved.delete(clientId)
        wakeSender()
      })
    },
    retry(clientId) {
      void again(clientId)
    },
    discard(clientId) {
      void queueReady.then((queue) => queue.remove(clientId)).then(changed)
    },
    typing() {
      if (Date.now() - lastTyping < 3_000) return
      lastTyping = Date.now()
      live.typing(true)
    },
    older: () => sync.older(),
    look() {
      reader.look()
      options.onUnread(unreadCount(store.get(), reader.readUpTo))
    },
    setOpen(open) {
      store.set({ open })
      options.onVisible(open)
      if (!open) return
      void loadSettings()
      wake()
    },
    async identify(token) {
      await session.identify(token)
      sync.reset()
      reader.reset()
      live.restart()
      wake()
    },
    async signOut() {
      session.signOut()
      sync.reset()
      reader.reset()
      live.restart()
      await (await queueReady).clear()
      store.set({ queued: [], progress: {} })
      tabs?.postMessage('queue')
    },
  }

  async function again(clientId: string): Promise<void> {
    const queue = await queueReady
    const message = (await queue.all()).find((other) => other.clientId === clientId)
    if (!message) return
    const { failed: _, ...rest } = message
    await queue.put(rest)
    await changed()
    wakeSender()
  }
}

/** Two messages of one millisecond keep their order. */
function nextTime(store: Store): number {
  return Math.max(Date.now(), (store.get().queued.at(-1)?.at ?? 0) + 1)
}

/** `crypto.randomUUID` exists on https only, and some websites are not. */
function newId(): string {
  if (crypto.randomUUID) return crypto.randomUUID()
  const hex = [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte, index) => (index === 6 ? (byte & 15) | 64 : index === 8 ? (byte & 63) | 128 : byte))
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
