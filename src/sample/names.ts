/** What the files call things, with the ids these have got. */
export interface Names {
  readonly topics: ReadonlyMap<string, string>
  readonly teams: ReadonlyMap<string, string>
  readonly agents: ReadonlyMap<string, string>
}

export function idOf(ids: ReadonlyMap<string, string>, name: string): string {
  const id = ids.get(name)
  if (id === undefined) throw new Error(`The sample names "${name}", which it does not have.`)
  return id
}

const week = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

/** 1 is Monday. */
export function dayNumber(day: (typeof week)[number]): number {
  return week.indexOf(day) + 1
}
