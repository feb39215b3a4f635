import type { Capabilities } from '../channel/capabilities.ts'
import type {
  DescribedInbox,
  OutboundFile,
  OutboundLetter,
  RenderedPart,
  Sender,
  ThreadRef,
} from '../channel/contract.ts'
import { ChannelError } from '../channel/errors.ts'
import { fileFault, fileSentence } from '../channel/file-fault.ts'
import type { Queryable } from '../store/database.ts'
import { findFiles } from '../store/file.ts'
import type { ReplyWay } from '../store/reply.ts'
import { keyOf, type ReplyContext, type ReplyInput, ReplyRejected } from './reply-input.ts'
import { writeLetter } from './write-letter.ts'

export interface RenderedReply {
  readonly way: ReplyWay
  readonly files: readonly OutboundFile[]
  /** None for a note. */
  readonly parts: readonly RenderedPart[]
  readonly letters: boolean
  readonly letter: OutboundLetter | null
  /** Whom the letter is for, as the channel knows them. */
  readonly addressees: readonly Sender[]
  readonly channel: string
  /** The message it quotes without having been told to; the platform's id of it stands in `way`. */
  readonly quotes: string | null
  /** Whoever does not read it there is written to by letter. */
  readonly continues: boolean
}

/** Everything that can be said before a lock is taken. */
export async function renderReply(ctx: ReplyContext, input: ReplyInput, way: ReplyWay | null): Promise<RenderedReply> {
  if (input.text.trim() === '' && input.attachmentFileIds.length === 0) {
    throw new ReplyRejected('empty', 'There is nothing to send.')
  }
  const files = await filesOf(ctx.db.pool, input)
  if (!way && input.replyTo !== undefined) {
    throw new ReplyRejected('unknownReplyTo', 'The message this answers is not in this conversation.')
  }
  if (!way) throw new ReplyRejected('unknownConversation', 'There is no such conversation.')
  if (way.mergedInto !== null) {
    throw new ReplyRejected('merged', 'This conversation was joined to another one. Please write there.')
  }
  if (way.erased) throw new ReplyRejected('erased', 'Everything of this person was erased: nobody is there to answer.')
  if (input.kind === 'note') {
    const none = { letters: false, letter: null, addressees: [], channel: '', quotes: null, continues: false }
    return { way, files, parts: [], ...none }
  }
  return { files, ...(await partsOf(ctx, input, way, files)) }
}

async function filesOf(q: Queryable, input: ReplyInput): Promise<OutboundFile[]> {
  if (input.attachmentFileIds.length === 0) return []
  const rows = await findFiles(q, input.attachmentFileIds)
  const owner = keyOf(input.author)
  const theirs = rows.filter((row) => input.author.type !== 'agent' || row.owner === owner)
  if (theirs.length !== input.attachmentFileIds.length) {
    throw new ReplyRejected('unknownFile', 'A file of this message is not there any more. Please attach it again.')
  }
  return theirs.map(({ id, name, type, size }) => ({ id, name, type, size }))
}

async function partsOf(
  ctx: ReplyContext,
  input: ReplyInput,
  given: ReplyWay,
  files: readonly OutboundFile[],
): Promise<Omit<RenderedReply, 'files'>> {
  const inbox = await describe(ctx, given.inboxId)
  const thread: ThreadRef = { key: given.key, kind: given.kind, audience: given.audience, place: given.place }
  const capabilities = inbox.adapter.capabilities(inbox.settings, thread)
  if (capabilities.closed !== undefined) throw new ReplyRejected('unsupported', capabilities.closed)
  refuseFiles(capabilities.attachments, files, inbox.adapter.name)
  const asked = capabilities.reply === 'full' ? given.asked : null
  const way = asked ? { ...given, replyTo: asked.externalId } : given
  const letters = capabilities.text.pace === 'letters'
  const letter = letters ? await writeLetter(ctx.db.pool, input, way) : null
  if (letter?.to.length === 0 && inbox.adapter.addressee) {
    throw new ReplyRejected('noRecipient', 'Nobody is named to send this to.')
  }
  const content = {
    text: input.text,
    attachments: files,
    ...(way.replyTo !== null && { replyTo: way.replyTo }),
    ...(input.subject !== undefined && { subject: input.subject }),
    ...(input.choices !== undefined && { choices: input.choices }),
    ...(letter && { letter }),
  }
  try {
    const parts = inbox.adapter.render(content, inbox.settings, thread)
    if (parts.length === 0) throw new ReplyRejected('empty', 'There is nothing to send.')
    const continues = input.author.type !== 'system' && !!inbox.adapter.continues?.(inbox.settings)
    const channel = inbox.adapter.id
    const quotes = asked?.id ?? null
    return { way, parts, letters, letter, addressees: addresseesOf(inbox, letter), channel, quotes, continues }
  } catch (error) {
    if (error instanceof ChannelError) throw new ReplyRejected('unsupported', error.message, { cause: error })
    throw error
  }
}

function addresseesOf({ adapter }: DescribedInbox, letter: OutboundLetter | null): Sender[] {
  if (!letter || !adapter.addressee) return []
  return [...letter.to, ...letter.cc, ...letter.bcc].map((address) => adapter.addressee!(address))
}

async function describe(ctx: ReplyContext, inboxId: string): Promise<DescribedInbox> {
  try {
    return await ctx.connections.describe(inboxId)
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error
    throw new ReplyRejected('inboxGone', 'The inbox of this conversation cannot be used any more.', { cause: error })
  }
}

function refuseFiles(can: Capabilities['attachments'], files: readonly OutboundFile[], channelName: string): void {
  if (files.length > 0 && can.out === 'rejected') {
    throw new ReplyRejected('unsupported', `${channelName} takes no files.`)
  }
  for (const file of files) {
    const fault = fileFault(can, file)
    if (!fault) continue
    const code = fault.code === 'fileTooLarge' ? 'tooLarge' : 'unsupported'
    throw new ReplyRejected(code, fileSentence(channelName, file.name, fault))
  }
}
