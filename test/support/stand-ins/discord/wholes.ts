import type { Member, State, User } from './state.ts'

/** Everything Discord says of these, in its own names; what a test does not set is as it is for most. */
export const selfJson = ({ bot }: State) => ({
  ...bot,
  bot: true,
  mfa_enabled: true,
  locale: 'en-US',
  verified: true,
  email: null,
  banner: null,
  accent_color: null,
})

export const applicationJson = (state: State) => ({
  id: state.applicationId,
  name: 'Northstar',
  icon: null,
  description: '',
  type: null,
  // GATEWAY_MESSAGE_CONTENT_LIMITED
  flags: state.grantedIntents === 0 ? 0 : 1 << 19,
  flags_new: state.grantedIntents === 0 ? '0' : String(1 << 19),
  bot: { ...state.bot, bot: true },
  bot_public: false,
  bot_require_code_grant: false,
  verify_key: '0'.repeat(64),
  redirect_uris: [],
  interactions_endpoint_url: null,
  role_connections_verification_url: null,
  owner: state.bot,
  approximate_guild_count: 1,
  approximate_user_install_count: 0,
  approximate_user_authorization_count: 0,
  explicit_content_filter: 0,
  team: null,
  eligible_oauth2_scopes: [],
})

export const memberJson = ({ nick, roles }: Member, user: User) => ({
  user,
  nick,
  roles,
  avatar: null,
  banner: null,
  communication_disabled_until: null,
  flags: 0,
  joined_at: '2025-01-01T00:00:00.000Z',
  pending: false,
  premium_since: null,
  mute: false,
  deaf: false,
})

export const roleJson = ({ id, name }: { id: string; name: string }, position: number) => ({
  id,
  name,
  position,
  permissions: '0',
  color: 0,
  colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
  hoist: false,
  managed: false,
  mentionable: false,
  icon: null,
  unicode_emoji: null,
  flags: 0,
})

export const tagJson = (tag: { id: string; name: string }) => ({
  ...tag,
  moderated: false,
  emoji_id: null,
  emoji_name: null,
})

/** Components come back with a number each. */
export function numbered(components: readonly unknown[]): unknown[] {
  let next = 0
  const number = (one: unknown): unknown => {
    if (typeof one !== 'object' || one === null) return one
    const { components: inner, ...rest } = one as Record<string, unknown>
    next += 1
    return { id: next, ...rest, ...(Array.isArray(inner) && { components: inner.map(number) }) }
  }
  return components.map(number)
}
