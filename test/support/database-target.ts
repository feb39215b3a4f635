import type { DatabaseTarget } from '../../src/store/database.ts'

/** Another database on the same server. */
export function withDatabase(target: DatabaseTarget, database: string): DatabaseTarget {
  if (!('url' in target)) return { ...target, database }
  // `postgres://user@/name?host=/socket/directory` is no valid URL for the URL class.
  return { url: target.url.replace(/^(postgres(?:ql)?:\/\/[^/]*)(?:\/[^?]*)?/, `$1/${database}`) }
}

/** For a program that is told in its environment. */
export function urlOf(target: DatabaseTarget): string {
  return 'url' in target ? target.url : `postgres://${target.user}@/${target.database}?host=${target.host}`
}
