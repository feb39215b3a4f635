import { GiveUp } from './handler.ts'

/** An id a job names. A job without it will not get better by waiting. */
export function idIn(payload: Readonly<Record<string, unknown>>, key: string): string {
  const id = payload[key]
  if (typeof id !== 'string' || !/^[0-9]+$/.test(id)) throw new GiveUp(`The job names no ${key}.`)
  return id
}
