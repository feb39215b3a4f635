import type { QueuedMessage } from './types.ts'

/** Words that the server has not acknowledged, in the order they were written. Shared by all tabs of the website. */
export interface Queue {
  all(): Promise<QueuedMessage[]>
  put(message: QueuedMessage): Promise<void>
  remove(clientId: string): Promise<void>
  clear(): Promise<void>
}

const table = 'messages'

/** IndexedDB keeps them over reload and restart. Refused: memory, for as long as the page lives. */
export async function openQueue(name: string): Promise<Queue> {
  try {
    return durable(await openDatabase(name))
  } catch {
    return inMemory()
  }
}

function openDatabase(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(table, { keyPath: 'clientId' })
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
    request.onblocked = () => reject(new Error('blocked'))
  })
}

function durable(db: IDBDatabase): Queue {
  // A full disk must not lose the words: what cannot be stored waits here.
  const overflow = inMemory()
  const run = <T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      // Strict: the words are on the disk before the page says that they are kept.
      const transaction = db.transaction(table, mode, { durability: 'strict' })
      const request = act(transaction.objectStore(table))
      transaction.oncomplete = () => resolve(request.result)
      transaction.onabort = () => reject(transaction.error)
      transaction.onerror = () => reject(transaction.error)
    })
  return {
    async all() {
      const stored = (await run('readonly', (store) => store.getAll())) as QueuedMessage[]
      return inOrder([...stored, ...(await overflow.all())])
    },
    async put(message) {
      const kept = await run('readwrite', (store) => store.put(message)).catch(() => null)
      if (kept === null) await overflow.put(message)
      else await overflow.remove(message.clientId)
    },
    async remove(clientId) {
      await overflow.remove(clientId)
      await run('readwrite', (store) => store.delete(clientId))
    },
    async clear() {
      await overflow.clear()
      await run('readwrite', (store) => store.clear())
    },
  }
}

function inMemory(): Queue {
  const messages = new Map<string, QueuedMessage>()
  return {
    all: async () => inOrder([...messages.values()]),
    put: async (message) => void messages.set(message.clientId, message),
    remove: async (clientId) => void messages.delete(clientId),
    clear: async () => messages.clear(),
  }
}

function inOrder(messages: QueuedMessage[]): QueuedMessage[] {
  return messages.sort((a, b) => a.at - b.at)
}
