import { z } from 'zod'
import type { Command, InboundBatch, InboundEvent, ThreadRef } from '../../../src/channel/contract.ts'

const id = z.string().min(1).max(200)
const chat = z.object({
  id,
  kind: z.string().max(40).default('chat'),
  audience: z.enum(['private', 'shared', 'public']).default('private'),
  place: id.optional(),
})
const person = z.object({ id, name: z.string().max(1_000).optional() })
const file = z.object({ id, name: z.string(), type: z.string().optional(), size: z.number().optional() })
const base = { id, chat, at: z.number().min(0).max(8.64e15) }
const text = z.string()
const commandName = z.enum(['start', 'help', 'status', 'human', 'privacy', 'delete'])

const update = z.discriminatedUnion('type', [
  z.object({
    ...base,
    type: z.literal('message'),
    from: person,
    message: id,
    text,
    replyTo: id.optional(),
    groupKey: id.optional(),
    command: z.object({ name: commandName, argument: text.optional() }).optional(),
    files: z.array(file).optional(),
  }),
  z.object({ ...base, type: z.literal('edit'), from: person, message: id, text }),
  z.object({ ...base, type: z.literal('removal'), message: id }),
  z.object({ ...base, type: z.literal('reaction'), from: person, message: id, reactions: z.array(z.string()) }),
  z.object({
    ...base,
    type: z.literal('receipt'),
    message: id,
    receipt: z.enum(['delivered', 'read', 'bounced', 'delayed']),
    upTo: z.boolean().optional(),
  }),
  z.object({ ...base, type: z.literal('echo'), message: id, text, key: id.optional(), from: person.optional() }),
  z.object({ ...base, type: z.literal('choice'), from: person, message: id, of: id, choice: id, label: z.string() }),
  z.object({ ...base, type: z.literal('moved'), to: chat }),
])
type Update = z.output<typeof update>

/** Never throws: what cannot be understood is counted as ignored, with a reason. */
export function parseUpdates(updates: readonly unknown[]): Required<Pick<InboundBatch, 'events' | 'ignored'>> {
  const events: InboundEvent[] = []
  const ignored: { reason: string; count: number }[] = []
  for (const one of updates) {
    const parsed = update.safeParse(one)
    if (parsed.success) events.push(eventOf(parsed.data, one))
    else ignored.push({ reason: 'malformed', count: 1 })
  }
  return { events, ignored }
}

function eventOf(data: Update, raw: unknown): InboundEvent {
  const common = { eventId: data.id, thread: threadOf(data.chat), occurredAt: new Date(data.at), raw }
  if (data.type === 'moved') return { ...common, kind: 'moved', to: threadOf(data.to) }
  const about = { ...common, externalId: data.message }
  switch (data.type) {
    case 'message':
      return { ...about, kind: 'message', ...messageFields(data) }
    case 'edit':
      return { ...about, kind: 'edit', sender: sender(data.from), text: data.text }
    case 'removal':
      return { ...about, kind: 'removal' }
    case 'reaction':
      return { ...about, kind: 'reaction', sender: sender(data.from), reactions: data.reactions }
    case 'receipt':
      return {
        ...about,
        kind: 'receipt',
        receipt: data.receipt,
        ...(data.upTo === undefined ? {} : { upTo: data.upTo }),
      }
    case 'echo':
      return {
        ...about,
        kind: 'echo',
        text: data.text,
        ...(data.key === undefined ? {} : { idempotencyKey: data.key }),
        ...(data.from === undefined ? {} : { sender: sender(data.from) }),
      }
    case 'choice':
      return {
        ...about,
        kind: 'choice',
        sender: sender(data.from),
        of: data.of,
        choiceId: data.choice,
        label: data.label,
      }
  }
}

function messageFields(data: Extract<Update, { type: 'message' }>) {
  return {
    sender: sender(data.from),
    text: data.text,
    ...(data.replyTo === undefined ? {} : { replyTo: data.replyTo }),
    ...(data.groupKey === undefined ? {} : { groupKey: data.groupKey }),
    ...(data.command === undefined ? {} : { command: commandOf(data.command) }),
    ...(data.files === undefined
      ? {}
      : {
          attachments: data.files.map(({ id: ref, name, type, size }) => ({
            name,
            ref,
            ...(type === undefined ? {} : { type }),
            ...(size === undefined ? {} : { size }),
          })),
        }),
  }
}

function commandOf({ name, argument }: { name: Command['name']; argument?: string | undefined }): Command {
  return { name, ...(argument === undefined ? {} : { argument }) }
}

function sender(from: z.output<typeof person>) {
  return { key: from.id, ...(from.name === undefined ? {} : { name: from.name }) }
}

function threadOf(place: z.output<typeof chat>): ThreadRef {
  return {
    key: place.id,
    kind: place.kind,
    audience: place.audience,
    ...(place.place === undefined ? {} : { place: place.place }),
  }
}
