import ipaddr from 'ipaddr.js'

type Address = ipaddr.IPv4 | ipaddr.IPv6

/** What OUTBOUND_ALLOW opens: host names as written in a URL, and address ranges. */
export interface OutboundAllow {
  readonly hosts: ReadonlySet<string>
  readonly ranges: readonly (readonly [Address, number])[]
}

/** Throws on an entry that is neither a host nor an address nor a CIDR range. */
export function parseOutboundAllow(entries: readonly string[]): OutboundAllow {
  const hosts = new Set<string>()
  const ranges: [Address, number][] = []
  for (const entry of entries.map((text) => text.trim().toLowerCase()).filter((text) => text !== '')) {
    const range = parseRange(entry)
    if (range !== undefined) ranges.push(range)
    else if (/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(entry)) hosts.add(entry)
    else throw new Error(`"${entry}" is neither a host name, an address nor a range such as 10.0.0.0/8.`)
  }
  return { hosts, ranges }
}

function parseRange(entry: string): [Address, number] | undefined {
  const bare = entry.replace(/^\[(.*)\]$/, '$1')
  if (ipaddr.IPv4.isValidFourPartDecimal(bare) || ipaddr.IPv6.isValid(bare)) {
    const address = ipaddr.parse(bare)
    return [address, address.kind() === 'ipv4' ? 32 : 128]
  }
  return ipaddr.isValidCIDR(bare) ? ipaddr.parseCIDR(bare) : undefined
}

// All of IPv6 that is assigned to the public Internet; whatever lies outside is a tunnel, a translation or local.
const publicV6 = ipaddr.IPv6.parse('2000::')

/** Whether a connection may go to this literal address. Mapped, translated and tunnelled forms are refused even around a public address. */
export function mayConnect(address: string, allow: OutboundAllow): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.parse(address)
  if (allow.ranges.some(([base, bits]) => base.kind() === parsed.kind() && parsed.match(base, bits))) return true
  if (parsed.range() !== 'unicast') return false
  return parsed.kind() === 'ipv4' || parsed.match(publicV6, 3)
}
