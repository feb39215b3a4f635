import * as spec from 'discord-api-spec/zod'
import { z } from 'zod'
import type { Call, State } from './state.ts'

interface Shape {
  readonly request?: z.ZodType
  /** By status; null: nothing is said. */
  readonly answers: Readonly<Record<number, z.ZodType | null>>
}

const list = (one: z.ZodType) => z.array(one)
const anyOf = (...kinds: readonly z.ZodType[]) => z.union(kinds)
const empty: Shape = { answers: { 204: null } }
const id = '\\d{17,20}'
const message = `/channels/${id}/messages/${id}`
const threads: Shape = { answers: { 200: spec.ThreadsResponseSchema } }

/** Every call of ours, and what Discord's own description takes and answers there. */
const shapes: readonly (readonly [call: RegExp, Shape])[] = (
  [
    ['GET /gateway/bot', { answers: { 200: spec.GatewayBotResponseSchema } }],
    ['GET /users/@me', { answers: { 200: spec.UserPIIResponseSchema } }],
    ['GET /applications/@me', { answers: { 200: spec.PrivateApplicationResponseSchema } }],
    [
      `POST /applications/${id}/commands`,
      {
        request: spec.ApplicationCommandCreateRequestSchema,
        answers: { 200: spec.ApplicationCommandResponseSchema, 201: spec.ApplicationCommandResponseSchema },
      },
    ],
    [`GET /applications/${id}/commands`, { answers: { 200: list(spec.ApplicationCommandResponseSchema) } }],
    [`GET /guilds/${id}/roles`, { answers: { 200: list(spec.GuildRoleResponseSchema) } }],
    [`GET /guilds/${id}/members/${id}`, { answers: { 200: spec.GuildMemberResponseSchema } }],
    [`GET /guilds/${id}/threads/active`, threads],
    [`GET /channels/${id}/threads/archived/(?:public|private)`, threads],
    [`GET /channels/${id}/users/@me/threads/archived/private`, threads],
    [
      `GET /channels/${id}`,
      {
        answers: {
          200: anyOf(spec.GuildChannelResponseSchema, spec.PrivateChannelResponseSchema, spec.ThreadResponseSchema),
        },
      },
    ],
    [`GET /channels/${id}/messages`, { answers: { 200: list(spec.MessageResponseSchema) } }],
    [`GET ${message}`, { answers: { 200: spec.MessageResponseSchema } }],
    [
      `POST /channels/${id}/messages`,
      { request: spec.MessageCreateRequestSchema, answers: { 200: spec.MessageResponseSchema } },
    ],
    [
      `PATCH ${message}`,
      { request: spec.MessageEditRequestPartialSchema, answers: { 200: spec.MessageResponseSchema } },
    ],
    [`DELETE ${message}`, empty],
    [`(?:PUT|DELETE) ${message}/reactions/[^/]+/@me`, empty],
    [`GET ${message}/reactions/[^/]+`, { answers: { 200: list(spec.UserResponseSchema) } }],
    [`POST /channels/${id}/typing`, empty],
    [
      `POST /channels/${id}/threads`,
      {
        request: spec.CreateTextThreadWithoutMessageRequestSchema,
        answers: { 201: spec.CreatedThreadResponseSchema },
      },
    ],
    [
      `POST ${message}/threads`,
      { request: spec.CreateTextThreadWithMessageRequestSchema, answers: { 201: spec.CreatedThreadResponseSchema } },
    ],
    [`PUT /channels/${id}/thread-members/${id}`, empty],
    [
      `POST /interactions/${id}/[^/]+/callback`,
      {
        request: anyOf(
          spec.CreateMessageInteractionCallbackRequestSchema,
          spec.UpdateMessageInteractionCallbackRequestSchema,
          spec.ModalInteractionCallbackRequestSchema,
        ),
        answers: { 204: null },
      },
    ],
    [
      `PATCH /webhooks/${id}/[^/]+/messages/@original`,
      {
        request: spec.IncomingWebhookUpdateForInteractionCallbackRequestPartialSchema,
        answers: { 200: spec.MessageResponseSchema },
      },
    ],
  ] as const
).map(([call, shape]) => [new RegExp(`^${call}$`), shape])

/** Everything that was asked and answered, held against Discord's own description; it lets unknown fields pass, this does not. */
export function discordObjections({ calls }: Pick<State, 'calls'>): string[] {
  return [...new Set(calls.flatMap(objections))]
}

export function objections({ method, path, body, status = 0, answer }: Call): string[] {
  const asked = `${method} ${decodeURIComponent(path.replace(/\?.*/, ''))}`
  const call = asked.replace(/\d{17,20}/g, 'N').replace(/N\/[\w=]{20,}/, 'N/TOKEN')
  const shape = shapes.find(([known]) => known.test(asked))?.[1]
  if (!shape) return [`${call}: Discord has no such call, or it is not described here`]
  const sent = shape.request ? faults(shape.request, body) : faultsOfNothing(body)
  if (answer === undefined && status !== 204) return sent.map((fault) => `${call} sends ${fault}`)
  const expected = status >= 400 ? spec.ErrorResponseSchema : shape.answers[status]
  const told =
    expected === undefined
      ? [`${status}`]
      : expected === null
        ? faultsOfNothing(answer ?? {})
        : faults(expected, answer)
  return [...sent.map((fault) => `${call} sends ${fault}`), ...told.map((fault) => `${call} is answered ${fault}`)]
}

const faultsOfNothing = (body: unknown) =>
  Object.keys((body ?? {}) as object).map((name) => `${name}, where nothing belongs`)

function faults(schema: z.ZodType, value: unknown): string[] {
  const read = schema.safeParse(value)
  if (!read.success) return read.error.issues.slice(0, 5).map(({ path, message }) => `${path.join('.')}: ${message}`)
  return strange(value, read.data, '')
}

/** Reading drops what it does not know: what is missing in the copy is not described. */
function strange(value: unknown, copy: unknown, where: string): string[] {
  if (typeof value !== 'object' || value === null || typeof copy !== 'object' || copy === null) return []
  return Object.entries(value).flatMap(([name, inner]) => {
    const at = `${where}${Array.isArray(value) ? '[]' : `.${name}`}`
    return name in copy ? strange(inner, (copy as Record<string, unknown>)[name], at) : [`${at}: unknown`]
  })
}
