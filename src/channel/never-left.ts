const codes = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** A request failed before any of it left: no connection was made, or it was refused by ourselves. */
export function neverLeft(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at.name === 'OutboundRefused' || codes.has((at as { code?: string }).code ?? '')) return true
    if (at instanceof AggregateError && at.errors.some(neverLeft)) return true
  }
  return false
}
