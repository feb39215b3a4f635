export interface Bounded<V> {
  get(key: string): V | undefined
  set(key: string, value: V): V
  delete(key: string): void
}

/** A memory of what can be asked for again: of more than `most` what was last used stays. */
export function bounded<V>(most: number): Bounded<V> {
  const kept = new Map<string, V>()
  const put = (key: string, value: V) => {
    kept.delete(key)
    kept.set(key, value)
    const [oldest] = kept.keys()
    if (kept.size > most && oldest !== undefined) kept.delete(oldest)
    return value
  }
  return {
    get: (key) => {
      const value = kept.get(key)
      return value === undefined ? undefined : put(key, value)
    },
    set: put,
    delete: (key) => void kept.delete(key),
  }
}
