import type { Whims } from '../support/stand-ins/whims.ts'

/** Says one thing; resolves when the platform has it, which may be long before we have. */
export type Voice = (text: string) => Promise<void>

/** The stand-in of a real platform, as campaigns meet it. */
export interface PlatformSite {
  readonly channel: string
  /** Of the inbox. */
  readonly settings: Readonly<Record<string, unknown>>
  readonly whims: Whims
  /** Somebody new, who has a place of their own there. */
  join(name: string): Voice
  /** What stands there of ours, oldest first in each chat. */
  held(): readonly { readonly text: string; readonly chat: string }[]
  /** How much it still keeps for us to fetch, where it keeps books of that. */
  waiting(): number
  /** Forgets what nobody will ask for again: campaigns of an hour would fill the memory. */
  trim(): void
  /** Nothing listens from now on, sockets are cut; `resume` ends it. */
  refuse(): Promise<void>
  resume(): Promise<void>
  close(): Promise<void>
}
