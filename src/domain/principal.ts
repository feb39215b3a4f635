export type Role = 'admin' | 'supervisor' | 'agent'
export type Scope = 'read' | 'write' | 'admin'

/** What somebody may see, looked up afresh with every request. */
export interface Visibility {
  /** null: the installation's own token. */
  readonly agentId: string | null
  readonly inboxIds: readonly string[]
  readonly teamIds: readonly string[]
  /** Restricted conversations that neither a team nor a person holds: somebody has to find them. */
  readonly seesOrphans: boolean
}

export interface Principal extends Visibility {
  readonly kind: 'session' | 'token'
  /** Of the session or the token; '0' is the token of the environment. */
  readonly id: string
  readonly role: Role
  readonly scopes: readonly Scope[]
  /** null: a token, which no browser sends by itself. */
  readonly csrfToken: string | null
}

/** Whom messages, files and activities name as their author: 'agent:7', 'token:2'. */
export function actorOf(principal: Principal): string {
  return principal.agentId === null ? `token:${principal.id}` : `agent:${principal.agentId}`
}

/** `session:9` or `token:2`: whose keys, limits and sockets these are. */
export function principalKey(principal: Principal): string {
  return `${principal.kind}:${principal.id}`
}

/** What a route asks for. A session has every scope; `admin` asks for the role as well. */
export type Access = Scope | 'session'

export function may(principal: Principal, access: Access): boolean {
  if (access === 'session') return principal.kind === 'session'
  if (!principal.scopes.includes(access)) return false
  return access !== 'admin' || principal.role === 'admin'
}
