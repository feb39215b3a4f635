/** First-party storage of the page. Refused (private windows, blocked cookies): memory, for as long as the page lives. */
export interface Storage {
  /** The visitor has written here before. */
  known(): boolean
  read(): Stored
  write(stored: Stored): void
  clear(): void
}

export interface Stored {
  readonly token?: string
}

export function storageKey(inboxId: string): string {
  return `tributary:${inboxId}`
}

export function openStorage(inboxId: string): Storage {
  const key = storageKey(inboxId)
  let memory: Stored | undefined
  return {
    known() {
      try {
        return memory !== undefined || localStorage.getItem(key) !== null
      } catch {
        return false
      }
    },
    read() {
      try {
        const text = localStorage.getItem(key)
        return text ? (JSON.parse(text) as Stored) : (memory ?? {})
      } catch {
        return memory ?? {}
      }
    },
    write(stored) {
      memory = stored
      try {
        localStorage.setItem(key, JSON.stringify(stored))
      } catch {
        // Memory holds it.
      }
    },
    clear() {
      memory = undefined
      try {
        localStorage.removeItem(key)
      } catch {
        // There was nothing.
      }
    },
  }
}
