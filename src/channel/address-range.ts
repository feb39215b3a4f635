import ipaddr from 'ipaddr.js'

/** '192.0.2.7' or '2001:db8::/32'. */
export function isRange(text: string): boolean {
  return ipaddr.isValid(text) || ipaddr.isValidCIDR(text)
}

/** An IPv4 address may come in the clothes of an IPv6 one. */
export function isListed(address: string, ranges: readonly string[]): boolean {
  if (!ipaddr.isValid(address)) return false
  const given = ipaddr.process(address)
  return ranges.some((text) => {
    const [range, bits] = ipaddr.parseCIDR(text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`)
    return range.kind() === given.kind() && given.match(range, bits)
  })
}
