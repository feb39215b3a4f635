import type { OutboundLetter } from '../channel/contract.ts'
import { answerSubject } from '../channel/subject.ts'
import type { Queryable } from '../store/database.ts'
import { type AnsweredLetter, answeredLetter, letterFacts, type Recipients } from '../store/letter.ts'
import type { ReplyWay } from '../store/reply.ts'
import type { ReplyInput } from './reply-input.ts'

// RFC 5322 3.6.4 wants the whole chain; programs cut it at a header's length. The first names the thread, the last its end.
const mostReferences = 20
const mostQuoted = 100_000

/** The envelope of a reply where letters are exchanged: what the writer chose, else what an answer to the last letter has. */
export async function writeLetter(q: Queryable, input: ReplyInput, way: ReplyWay): Promise<OutboundLetter> {
  const agentId = input.author.type === 'agent' ? (input.author.id ?? null) : null
  const answered = await answeredLetter(q, way.threadId, input.replyTo ?? null)
  const facts = await letterFacts(q, input.conversationId, agentId)
  // A stranger may have typed somebody else's address: a program sends no words of theirs there, not even a name.
  const stranger = input.author.type !== 'agent' && answered?.letter.unconfirmed === true
  const usual = recipientsOf(answered)
  const named = stranger ? { ...usual, to: usual.to.map(({ address }) => ({ name: '', address })) } : usual
  const recipients = { ...named, ...input.recipients }
  const chain = answered ? referencesOf(answered) : []
  const inReplyTo = chain.at(-1)
  return {
    ...recipients,
    subject: subjectOf(input, answered, facts.subject),
    ...(inReplyTo !== undefined && { inReplyTo }),
    references: chain,
    ...(answered?.direction === 'in' && !stranger && { quoted: quotedOf(answered) }),
    ...(facts.authorName !== null && { authorName: facts.authorName }),
    automatic: input.author.type !== 'agent',
  }
}

/** What an answer in this place would have, if its writer changes nothing. */
export async function letterDefaults(
  q: Queryable,
  conversationId: string,
  way: Pick<ReplyWay, 'threadId'>,
  replyTo: string | null,
): Promise<Recipients & { readonly subject: string }> {
  const answered = await answeredLetter(q, way.threadId, replyTo)
  const facts = await letterFacts(q, conversationId, null)
  return { ...recipientsOf(answered), subject: subjectOf({}, answered, facts.subject) }
}

/** Everybody who stood on the letter, as people expect of an answer; who it is for when it was ours. */
export function recipientsOf(answered: AnsweredLetter | null): Recipients {
  if (!answered) return { to: [], cc: [], bcc: [] }
  const { letter, direction } = answered
  if (direction === 'out') return { to: letter.to, cc: letter.cc, bcc: [] }
  const to = letter.replyTo && letter.replyTo.length > 0 ? letter.replyTo : [letter.from]
  const named = new Set(to.map(({ address }) => address.toLowerCase()))
  return { to, cc: letter.others.filter(({ address }) => !named.has(address.toLowerCase())), bcc: [] }
}

function subjectOf(
  input: Pick<ReplyInput, 'subject'>,
  answered: AnsweredLetter | null,
  conversation: string | null,
): string {
  const chosen = oneLine(input.subject ?? '')
  if (chosen !== '') return chosen
  const subject = oneLine(answered?.subject ?? conversation ?? '')
  return answered ? answerSubject(subject) : subject
}

// A line break would begin the next header.
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim()
}

function referencesOf({ letter, externalId }: AnsweredLetter): string[] {
  // What was added here to tell two letters of one id apart means nothing to others.
  const own = externalId === null ? [] : [externalId.replace(/>#.*$/s, '>')]
  const chain = [...new Set([...letter.references, ...own])]
  return chain.length <= mostReferences ? chain : [chain[0]!, ...chain.slice(1 - mostReferences)]
}

function quotedOf({ letter, text, html, occurredAt }: AnsweredLetter): NonNullable<OutboundLetter['quoted']> {
  return {
    from: letter.from,
    at: occurredAt.toISOString(),
    text: text.slice(0, mostQuoted),
    ...(html !== null && html.length <= mostQuoted && { html }),
  }
}
