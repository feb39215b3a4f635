import { Readable } from 'node:stream'
import { pino } from 'pino'
import { z } from 'zod'
import type {
  ChannelAdapter,
  ChannelConnection,
  Connections,
  FileAccess,
  SendReceipt,
  SendRequest,
} from '../../src/channel/contract.ts'
import { loopChannel } from './loop-channel/adapter.ts'

export interface ScriptedSwitches {
  readonly idempotent?: boolean
  readonly confirm?: boolean
  readonly pace?: 'chat' | 'letters'
  /** Of edits, deletions and reactions; 'rejected': the last two do not even exist. */
  readonly changes?: 'full' | 'rejected'
}

/** A channel whose answers a test dictates call by call; a line of `---` begins a new part. */
export interface ScriptedChannel {
  readonly adapter: ChannelAdapter
  readonly connections: Connections
  /** Every call of send, edit, remove and react, as it began. */
  readonly calls: { readonly text: string; readonly request: SendRequest; readonly kind: string }[]
  /** Text of the calls that the script let through, in the order of their ends. */
  readonly accepted: string[]
  /** What a call does; default: accept it. */
  script: (request: SendRequest, signal: AbortSignal) => Promise<SendReceipt> | SendReceipt
  confirmScript: (request: SendRequest) => Promise<SendReceipt | null> | SendReceipt | null
  /** What opening the inbox does; throw to refuse. */
  open: (inboxId: string) => void
  afterSent?: (request: SendRequest, receipt: SendReceipt) => Promise<void>
  download: (ref: unknown) => Promise<Readable>
}

export const noFiles: FileAccess = {
  open: (id) => Promise.reject(new Error(`no file ${id}`)),
}
export const silent = pino({ level: 'silent' })

export function scriptedChannel(switches: ScriptedSwitches = {}): ScriptedChannel {
  const channel: ScriptedChannel = {
    adapter: adapterOf(switches),
    calls: [],
    accepted: [],
    script: (request) => ({ externalId: `x${request.deliveryId}` }),
    confirmScript: () => null,
    open: () => {},
    download: () => Promise.resolve(Readable.from([Buffer.from('bytes')])),
    connections: {
      describe: async (inboxId) => ({ inboxId, adapter: channel.adapter, settings: {} }),
      get: async (inboxId) => {
        channel.open(inboxId)
        return { inboxId, adapter: channel.adapter, settings: {}, connection: connectionOf(channel, switches) }
      },
    },
  }
  return channel
}

function adapterOf(switches: ScriptedSwitches): ChannelAdapter {
  const { idempotent = false, confirm = false, pace = 'chat', changes = 'full' } = switches
  const settings = {
    ...loopChannel.parseSettings({ apiUrl: 'http://127.0.0.1:9', token: 'x'.repeat(8), webhookSecret: 'y'.repeat(8) }),
    idempotent,
    confirm,
  }
  const capabilities = loopChannel.capabilities(settings)
  return {
    id: 'scripted',
    name: 'Scripted',
    icon: '',
    settingsSchema: z.unknown(),
    instructions: [],
    parseSettings: (input) => input,
    capabilities: () => ({
      ...capabilities,
      text: { ...capabilities.text, pace },
      edit: changes,
      remove: changes,
      reactions: { ...capabilities.reactions, out: changes },
    }),
    render: (content) =>
      content.text.split('\n---\n').map((text, index) => ({
        text,
        length: text.length,
        fileIds: index === 0 ? content.attachments.map((file) => file.id) : [],
        payload: { text },
      })),
    connect: () => Promise.reject(new Error('not used')),
  }
}

function connectionOf(channel: ScriptedChannel, { confirm, changes = 'full' }: ScriptedSwitches): ChannelConnection {
  const run = async (kind: string, request: SendRequest, signal: AbortSignal) => {
    const { text } = request.part
    channel.calls.push({ text, request, kind })
    const receipt = await channel.script(request, signal)
    channel.accepted.push(text)
    return receipt
  }
  return {
    receive: async () => {},
    send: (request, signal) => run('send', request, signal),
    edit: (request, signal) => run('edit', request, signal),
    download: (attachment) => channel.download(attachment.ref),
    close: async () => {},
    ...(confirm ? { confirm: async (request: SendRequest) => channel.confirmScript(request) } : {}),
    ...(changes === 'full' && {
      remove: async (request, signal) => void (await run('remove', request as unknown as SendRequest, signal)),
      react: async (request, signal) => void (await run('react', request as unknown as SendRequest, signal)),
    }),
    ...(channel.afterSent ? { afterSent: channel.afterSent } : {}),
  }
}
