import { createApi } from './api.ts'
import { createFormSender, type SendForm } from './form-sender.ts'
import { type Live, startLive } from './live.ts'
import { newId, startOutbox } from './outbox.ts'
import { createPlaceWatch } from './place-watch.ts'
import { createReader } from './reader.ts'
import { createSession } from './session.ts'
import { createStore, type Store, stillQueued, unreadCount } from './state.ts'
import { openStorage } from './storage.ts'
import { createSync, type Sync } from './sync.ts'
import type { Article, PanelOptions, Suggestion } from './types.ts'
import { onWake } from './wake.ts'

/** What the screen can ask for. It never waits for an answer: the state changes. */
export interface Engine {
  readonly store: Store
  write(text: string, files: readonly File[]): void
  retry(clientId: string): void
  discard(clientId: string): void
  typing(): void
  /** Rejects with what the server said. */
  leaveEmail(address: string): Promise<void>
  /** Articles that may answer what is being written; none where the question tells nothing. */
  suggest(text: string): Promise<readonly Suggestion[]>
  article(id: string): Promise<Article>
  /** Under which a form is sent once. */
  newForm(): string
  sendForm: SendForm
  older(): Promise<void>
  /** The newest words are on the screen. */
  look(): void
  setOpen(open: boolean): void
  identify(token: string): Promise<void>
  signOut(): Promise<void>
}

export function startEngine(options: PanelOptions): Engine {
  const { inboxId } = options
  const store = createStore()
  const api = createApi(options.base, inboxId, options.locale)
  const storage = openStorage(inboxId)
  const session = createSession(api, storage)
  const sync = createSync(api, session, store)
  const reader = createReader(api, session, store)
  const place = createPlaceWatch(api, session, store)
  const typing = typingBothWays(store)
  const live = startLive(() => session.token() && api.socketUrl(session.token() ?? ''), {
    onHint: (changed) => void pull(changed).then(place.look),
    onTyping: typing.onTyping,
  })
  const pull = pullAndConfirm(sync, store, live)
  const onSent = (): void => {
    live.wake()
    void pull()
    if (!store.get().email) void askEmail()
  }
  const onSignedOut = (): void => {
    session.signOut()
    otherVisitor()
  }
  const outbox = startOutbox({ inboxId, api, session, storage, store, onSent, onSignedOut })

  function wake(): void {
    store.set({ online: navigator.onLine !== false })
    if (!store.get().online) return
    void confirm().catch(() => {})
    outbox.wake()
    if (!session.token()) return
    live.wake()
    void pull(true)
    void askEmail()
  }
  /** Confirmed elsewhere, in a mailbox: only asking tells. */
  async function askEmail(): Promise<void> {
    const token = session.token()
    const who = session.visitor()
    if (!token || !store.get().settings?.email) return
    const email = await api.email(token).catch(() => null)
    if (email && who === session.visitor()) store.set({ email })
  }
  function otherVisitor(): void {
    sync.reset()
    place.reset()
    reader.reset()
    live.restart()
  }
  async function confirm(): Promise<void> {
    if (!(await session.confirm())) return
    otherVisitor()
    void pull(true)
  }
  async function arrive(): Promise<void> {
    place.arrive()
    if (!store.get().settings) store.set({ settings: await api.settings().catch(() => null) })
    const forms = await api.forms().catch(() => null)
    if (forms) store.set({ forms: forms.items })
    await askEmail()
  }

  store.subscribe((state) => options.onUnread(unreadCount(state, reader.readUpTo)))
  onWake(wake, () => {
    // Without a socket (a proxy may forbid it) the page asks by itself.
    if (session.token() && !live.connected && store.get().online) void pull()
    if (store.get().open && store.get().email?.state === 'pending') void askEmail()
    place.tick()
  })
  wake()

  return {
    store,
    write(text, files) {
      typing.wrote()
      outbox.write(text, files)
    },
    retry: outbox.retry,
    discard: outbox.discard,
    typing: () => typing.type(live),
    async leaveEmail(address) {
      store.set({ email: await api.leaveEmail(await session.ensure(), address) })
    },
    async suggest(text) {
      const q = withoutSecrets(text)
      return q.length < 2 ? [] : (await api.articles(q)).items
    },
    article: api.article,
    newForm: newId,
    sendForm: createFormSender(api, session, store, () => {
      live.wake()
      // What offered the form offers it no more.
      void pull(true)
    }),
    older: () => sync.older(),
    look() {
      reader.look()
      options.onUnread(unreadCount(store.get(), reader.readUpTo))
    },
    setOpen(open) {
      store.set({ open })
      options.onVisible(open)
      if (!open) return
      void arrive()
      wake()
    },
    async identify(token) {
      session.identify(token)
      await confirm()
    },
    async signOut() {
      onSignedOut()
      await outbox.clear()
    },
  }
}

/** Fetches, then tells the server how far this page has come: that is what "delivered" means. */
function pullAndConfirm(sync: Sync, store: Store, live: Live): (fresh?: boolean) => Promise<void> {
  let told: string | undefined
  return async (fresh = false) => {
    await sync.pull(fresh)
    store.set({ queued: stillQueued(store.get().queued, store.get().messages) })
    const newest = store.get().messages.findLast((message) => message.from === 'support')
    if (!newest || newest.read || newest.id === told || !live.connected) return
    told = newest.id
    live.acknowledge(newest.id)
  }
}

/** It is not sent yet: numbers, addresses and keys stay in the page until it is. */
function withoutSecrets(text: string): string {
  return text
    .replace(/\S*[@\d]\S*|\S{40,}/g, (word) =>
      /[\u3040-\u9fff\uac00-\ud7a3]/.test(word) ? word.replace(/[\x21-\x7e]+/g, ' ') : ' ',
    )
    .trim()
    .slice(0, 200)
}

function typingBothWays(store: Store) {
  let ends: ReturnType<typeof setTimeout> | undefined
  let told = 0
  return {
    onTyping(supportTyping: boolean) {
      clearTimeout(ends)
      if (store.get().supportTyping !== supportTyping) store.set({ supportTyping })
      if (supportTyping) ends = setTimeout(() => store.set({ supportTyping: false }), 6_000)
    },
    /** At most every 3 s; never what is typed. */
    type(live: Live) {
      if (Date.now() - told < 3_000) return
      told = Date.now()
      live.typing(true)
    },
    wrote() {
      told = 0
    },
  }
}
