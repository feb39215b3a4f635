import { Resolver } from 'node:dns/promises'
import { domainToASCII } from 'node:url'
import ipaddr from 'ipaddr.js'
import type { Logger } from 'pino'
import type { LetterAuthentication, Verdict } from '../../src/channel/letter.ts'
import { checkDkim, type DkimCheck, signedMail } from './dkim-check.ts'
import type { DeliveredMail } from './smtp-door.ts'

/** Asks the DNS, as `dns.promises.resolve` does. */
export type Resolve = (name: string, type: string) => Promise<unknown>

/** Who a mail is from, as far as we could find out ourselves (RFC 7208, 6376, 7489). */
export interface SenderChecks {
  readonly verdicts: LetterAuthentication
  /** The address that DMARC speaks of, lower case. */
  readonly from: string | null
}

export interface Checking {
  readonly resolve: Resolve
  readonly log: Logger
  /** Another server of the operator's took it in first: that one is not the sender's. */
  readonly relayed?: boolean
  /** For all of it together, ms. */
  readonly limitMs?: number
}

const usualLimitMs = 4_000
// A record of somebody's can ask for many more. Of a mail's checks together.
const mostQuestions = 60

export function dnsResolve(): Resolve {
  const resolver = new Resolver({ timeout: 1_500, tries: 2 })
  return (name, type) => resolver.resolve(name, type)
}

/** Never rejects, never takes much longer than its limit: what could not be found out is a `temperror`. */
export async function checkSender(mail: DeliveredMail, checking: Checking): Promise<SenderChecks> {
  const { log, relayed = false, limitMs = usualLimitMs } = checking
  const fromOutside = !relayed && !isInside(mail.remoteAddress)
  try {
    return await checksOf(mail, fromOutside, checking.resolve, AbortSignal.timeout(limitMs))
  } catch (error) {
    log.warn({ error: String(error) }, 'who sent a mail could not be checked')
    return { verdicts: { spf: 'temperror', dkim: 'temperror', dmarc: 'temperror' }, from: null }
  }
}

async function checksOf(
  mail: DeliveredMail,
  fromOutside: boolean,
  resolve: Resolve,
  over: AbortSignal,
): Promise<SenderChecks> {
  const signed = signedMail(mail.raw)
  if (!fromOutside && signed?.signatures === 0)
    return { verdicts: { dkim: signed.leftOut > 0 ? 'neutral' : 'none' }, from: null }
  const ask = bounded(resolve, over)
  const [dkim, spf] = await Promise.all([
    signed && checkDkim(signed, ask, over).catch(() => undecided),
    fromOutside ? checkSpf(mail, ask) : undefined,
  ])
  if (!dkim)
    return { verdicts: { ...(spf && { spf: spf.verdict }), dkim: 'permerror', dmarc: 'permerror' }, from: null }
  const dmarc = await checkDmarc(dkim, spf, ask)
  const verdicts = { ...(spf && { spf: spf.verdict }), dkim: dkim.verdict, ...(dmarc && { dmarc }) }
  return { verdicts, from: dkim.from[0]?.toLowerCase() ?? null }
}

const undecided: DkimCheck = { verdict: 'temperror', domains: [], from: [] }

const inside = new Set<string>(['loopback', 'private', 'uniqueLocal', 'linkLocal', 'carrierGradeNat', 'unspecified'])

/** From our own network only a relay delivers, or a container's gateway: SPF knows nothing of those. */
function isInside(address: string): boolean {
  return !ipaddr.isValid(address) || inside.has(ipaddr.process(address).range())
}

interface SpfCheck {
  readonly verdict: Verdict
  readonly domain: string
}

async function checkSpf({ mailFrom, remoteAddress, helo }: DeliveredMail, resolver: Resolve): Promise<SpfCheck> {
  const { spf } = await import('mailauth/lib/spf/index.js')
  const { status, domain } = await spf({ sender: mailFrom, ip: remoteAddress, helo, mta: 'localhost', resolver })
  return { verdict: status.result as Verdict, domain: domain.toLowerCase() }
}

/** undefined: it does not pass, but a relay of the operator's own may be why. */
async function checkDmarc(dkim: DkimCheck, spf: SpfCheck | undefined, resolver: Resolve): Promise<Verdict | undefined> {
  const { dmarc } = await import('mailauth/lib/dmarc/index.js')
  if (dkim === undecided) return 'temperror'
  const spfDomains = spf?.verdict === 'pass' ? [spf.domain] : []
  const dkimDomains = dkim.domains.map((domain) => ({ domain }))
  const found = await dmarc({ headerFrom: dkim.from, spfDomains, dkimDomains, resolver })
  if (!found) return 'permerror'
  const { alignment, status } = found
  if (!alignment) return status.result as Verdict
  const own = domainToASCII(dkim.from[0]?.replace(/^.*@/, '') ?? '')
  // Where the record asks for the very domain, the library is content with a relative of it.
  const aligned = ({ strict, result }: typeof alignment.spf, domains: readonly string[]) =>
    strict ? domains.some((domain) => domainToASCII(domain) === own) : result !== undefined
  if (aligned(alignment.dkim, dkim.domains) || aligned(alignment.spf, spfDomains)) return 'pass'
  if (dkim.verdict === 'temperror' || spf?.verdict === 'temperror') return 'temperror'
  return spf && 'fail'
}

/** Whoever answers late or is asked too often has not answered. */
function bounded(resolve: Resolve, over: AbortSignal): Resolve {
  const refusal = () => Object.assign(new Error('the DNS did not answer'), { code: 'ETIMEOUT' })
  const late = new Promise<never>((_, reject) => {
    over.addEventListener('abort', () => reject(refusal()), { once: true })
  })
  late.catch(() => {})
  let asked = 0
  return async (name, type) => {
    asked += 1
    if (over.aborted || asked > mostQuestions) throw refusal()
    return Promise.race([resolve(name, type), late])
  }
}
