import type { ThreadRef } from '../../src/channel/contract.ts'

/** `dm`, `group`: direct messages. `post`: one person under one post. `unasked`, `encrypted`: may be read, not answered. */
export type Place = 'dm' | 'group' | 'post' | 'unasked' | 'encrypted'

/** X counts what is sent by the kind of it, whoever it goes to: one place each, so that a limit of one holds up no other. */
const limits = { dm: 'direct messages', post: 'posts' } as const

export function dmThread(conversation: string): ThreadRef {
  const pair = conversation.includes('-')
  return {
    key: `dm:${conversation}`,
    kind: pair ? 'dm' : 'group',
    audience: pair ? 'private' : 'shared',
    place: limits.dm,
  }
}

/** One-to-one conversations are named by both accounts, the smaller number first. */
export function pairOf(one: string, other: string): string {
  return BigInt(one) < BigInt(other) ? `${one}-${other}` : `${other}-${one}`
}

/** Two customers under one post are two conversations. */
export function postThread(conversation: string, person: string, summoned: boolean): ThreadRef {
  const kind = summoned ? 'post' : 'unasked'
  return { key: `${kind}:${conversation}:${person}`, kind, audience: 'public', place: limits.post }
}

export function encryptedThread(conversation: string): ThreadRef {
  return { key: `encrypted:${conversation}`, kind: 'encrypted', audience: 'private' }
}

export function conversationOf({ key }: Pick<ThreadRef, 'key'>): string {
  return key.split(':')[1] ?? ''
}

export function personOf({ key }: Pick<ThreadRef, 'key'>): string {
  return key.split(':')[2] ?? ''
}
