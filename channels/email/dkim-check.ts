import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import type { Signature } from 'mailauth/lib/dkim/verify.js'
import type { Verdict } from '../../src/channel/letter.ts'
import type { Resolve } from './sender-checks.ts'

export interface DkimCheck {
  readonly verdict: Verdict
  /** Domains that signed it, and "From" with it. */
  readonly domains: readonly string[]
  /** The addresses of "From". */
  readonly from: readonly string[]
}

/** What there is to check of a mail; cut down so that nobody's mail makes much work. */
export interface SignedMail {
  readonly head: Buffer
  readonly body: Buffer
  readonly signatures: number
  /** Of signatures that count for nothing. */
  readonly leftOut: number
}

const largestHead = 256 * 1024
const longestFrom = 4 * 1024
const mostSignatures = 5
// A line longer than that comes from no mail server. Bytes.
const chunkSize = 64 * 1024

/** null: no mail server lets one like it through. */
export function signedMail(raw: Buffer): SignedMail | null {
  const text = raw.toString('latin1', 0, largestHead + 4)
  const end = /^\r?\n|\n\r?\n/.exec(text)
  if (!end && raw.length > largestHead) return null
  const lines = text.slice(0, end?.index ?? text.length).split(/\r?\n(?![ \t])/)
  const froms = lines.filter((line) => /^from[ \t]*:/i.test(line))
  if (froms.length !== 1 || froms.some((from) => from.length > longestFrom)) return null
  const isSignature = (line: string) => /^dkim-signature[ \t]*:/i.test(line)
  const counted = new Set(lines.filter((line) => isSignature(line) && !isPartial(line)).slice(0, mostSignatures))
  const kept = lines.filter((line) =>
    isSignature(line) ? counted.has(line) : !/^(?:arc-[a-z-]+|return-path)[ \t]*:/i.test(line),
  )
  const head = `${kept.join('\r\n').replace(/(?<!\r)\n/g, '\r\n')}\r\n\r\n`
  return {
    head: Buffer.from(head, 'latin1'),
    body: raw.subarray(end ? end.index + end[0].length : raw.length),
    signatures: counted.size,
    leftOut: lines.filter(isSignature).length - counted.size,
  }
}

/** With a length (`l=`) anything may have been written below what was signed. */
function isPartial(signature: string): boolean {
  return /[:;]\s*l\s*=/i.test(signature)
}

export async function checkDkim(mail: SignedMail, resolve: Resolve, over: AbortSignal): Promise<DkimCheck> {
  const { dkimVerify } = await import('mailauth/lib/dkim/verify.js')
  const pieces = Readable.from(piecesOf(mail, over), { objectMode: false })
  const { headerFrom, results } = await dkimVerify(pieces, { resolver: resolve })
  const verdicts = results.map(verdictOf)
  const passed = results.filter((_, index) => verdicts[index] === 'pass')
  const none = mail.leftOut > 0 ? 'neutral' : 'none'
  return {
    verdict: mail.signatures === 0 ? none : (bestFirst.find((verdict) => verdicts.includes(verdict)) ?? 'neutral'),
    domains: passed.map(({ signingDomain = '' }) => signingDomain.toLowerCase()),
    from: headerFrom,
  }
}

const bestFirst: readonly Verdict[] = ['pass', 'temperror', 'fail', 'permerror']

function verdictOf({ status, algo = '', signingHeaders }: Signature): Verdict {
  const { result, comment } = status
  if (result === 'pass') {
    // RFC 8301: SHA-1 proves nothing any more. RFC 6376: what leaves out "From" does not say who wrote it.
    const says = /sha256$/i.test(algo) && signingHeaders?.headers.some((line) => /^from[ \t]*:/i.test(line))
    return says ? 'pass' : 'neutral'
  }
  if (result === 'fail' || comment === 'body hash did not verify') return 'fail'
  if (result === 'temperror') return 'temperror'
  return comment === 'no key' ? 'permerror' : 'neutral'
}

/** Whole lines, with a pause for everybody else after each piece. */
async function* piecesOf({ head, body, signatures }: SignedMail, over: AbortSignal): AsyncGenerator<Buffer> {
  yield head
  if (signatures === 0) return
  for (let at = 0; at < body.length; ) {
    over.throwIfAborted()
    const isLast = body.length - at <= chunkSize
    const end = isLast ? body.length : body.subarray(at, at + chunkSize).lastIndexOf(10) + 1 + at
    if (end === at) throw new Error('a line is too long')
    const lines = body.toString('latin1', at, end)
    // The library keeps every empty line until it knows that it is not one of the last.
    if (!isLast && !/\S/.test(lines)) throw new Error('there are too many empty lines')
    yield Buffer.from(lines.replace(/(?<!\r)\n/g, '\r\n'), 'latin1')
    at = end
    await setImmediate()
  }
}
