import type { DoorAddress, OpenDoor, SharedDoor } from '../channel/contract.ts'

export interface Doors {
  open<T extends SharedDoor>(address: DoorAddress, make: () => Promise<T>): Promise<OpenDoor<T>>
}

interface Entry {
  readonly opening: Promise<SharedDoor>
  users: number
}

/** Doors of this process by address: made by whoever comes first, closed when the last has left. */
export function createDoors(): Doors {
  const entries = new Map<string, Entry>()
  // An address is free again only after its old door has closed.
  const closing = new Map<string, Promise<void>>()
  return {
    async open<T extends SharedDoor>({ host, port }: DoorAddress, make: () => Promise<T>): Promise<OpenDoor<T>> {
      const key = `${host} ${port}`
      const entry = entries.get(key) ?? begin(key, make)
      entry.users += 1
      try {
        const door = (await entry.opening) as T
        return { door, leave: once(() => leave(key, entry)) }
      } catch (error) {
        if (entries.get(key) === entry) entries.delete(key)
        throw error
      }
    },
  }

  function begin(key: string, make: () => Promise<SharedDoor>): Entry {
    const entry: Entry = { opening: (closing.get(key) ?? Promise.resolve()).then(make), users: 0 }
    entries.set(key, entry)
    return entry
  }

  async function leave(key: string, entry: Entry): Promise<void> {
    entry.users -= 1
    if (entry.users > 0) return
    entries.delete(key)
    const closed = entry.opening.then((door) => door.close()).catch(() => {})
    closing.set(key, closed)
    await closed
    if (closing.get(key) === closed) closing.delete(key)
  }
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => (done ??= work())
}
