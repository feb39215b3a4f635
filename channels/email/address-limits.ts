import { BlockList, isIP } from 'node:net'

export interface AddressLimits {
  /** A connection from there begins; false: refuse it for now. */
  connect(address: string): boolean
  disconnect(address: string): void
  /** A mail from there begins. */
  mail(address: string): boolean
}

export interface Allowance {
  readonly connections: number
  readonly connectionsPerMinute: number
  readonly mailsPerMinute: number
}

// A large provider sends a support desk far less; a flood sends far more.
const usual: Allowance = { connections: 20, connectionsPerMinute: 120, mailsPerMinute: 300 }
const minute = 60_000
const mostAddresses = 50_000

interface Count {
  open: number
  since: number
  connections: number
  mails: number
}

/** What one address may do. The operator's own relay stands on a private one and is not counted: it speaks for everybody. */
export function addressLimits(clock: () => Date, allowed: Allowance = usual): AddressLimits {
  const counts = new Map<string, Count>()
  const of = (address: string): Count => {
    const now = clock().getTime()
    let count = counts.get(address)
    if (!count) {
      if (counts.size >= mostAddresses) forgetQuiet(counts, now)
      count = { open: 0, since: now, connections: 0, mails: 0 }
      counts.set(address, count)
    }
    if (now - count.since >= minute) Object.assign(count, { since: now, connections: 0, mails: 0 })
    return count
  }
  return {
    connect: (address) => {
      if (isPrivate(address)) return true
      const count = of(address)
      count.open += 1
      count.connections += 1
      return count.open <= allowed.connections && count.connections <= allowed.connectionsPerMinute
    },
    disconnect: (address) => {
      const count = counts.get(address)
      if (count) count.open = Math.max(0, count.open - 1)
    },
    mail: (address) => {
      if (isPrivate(address)) return true
      const count = of(address)
      count.mails += 1
      return count.mails <= allowed.mailsPerMinute
    },
  }
}

function forgetQuiet(counts: Map<string, Count>, now: number): void {
  for (const [address, { open, since }] of counts) if (open === 0 && now - since >= minute) counts.delete(address)
}

const privateRanges = new BlockList()
for (const [net, bits] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  privateRanges.addSubnet(net, bits, 'ipv4')
privateRanges.addAddress('::1', 'ipv6')
privateRanges.addSubnet('fc00::', 7, 'ipv6')

function isPrivate(address: string): boolean {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
  const family = isIP(plain)
  return family !== 0 && privateRanges.check(plain, family === 4 ? 'ipv4' : 'ipv6')
}
