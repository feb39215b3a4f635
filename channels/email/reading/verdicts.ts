import type { LetterAuthentication, Verdict } from '../../../src/channel/letter.ts'

const known = new Set<string>(['pass', 'fail', 'softfail', 'neutral', 'none', 'temperror', 'permerror'])

/**
 * What the operator's own server found out (RFC 8601). Only its newest header: whoever sent the mail can write others, with
 * any name in them, but cannot write above it.
 */
export function verdictsOf(
  headers: readonly string[],
  authservId: string | undefined,
): LetterAuthentication | undefined {
  const wanted = authservId?.trim().toLowerCase()
  if (!wanted) return undefined
  for (const header of headers) {
    const [id, ...results] = withoutComments(header.slice(0, 20_000)).split(';')
    if (id?.trim().split(/\s/)[0]?.toLowerCase() !== wanted) continue
    const verdicts: Partial<Record<'spf' | 'dkim' | 'dmarc', Verdict>> = {}
    for (const result of results) {
      const [, method, word] = /^\s*(spf|dkim|dmarc)(?:\/\d+)?\s*=\s*(\w+)/i.exec(result) ?? []
      const verdict = word?.toLowerCase().replace('hardfail', 'fail')
      if (!method || !verdict || !known.has(verdict)) continue
      const key = method.toLowerCase() as 'spf' | 'dkim' | 'dmarc'
      // Of several signatures one that holds is enough; of SPF and DMARC there is one.
      if (!verdicts[key] || (key === 'dkim' && verdict === 'pass')) verdicts[key] = verdict as Verdict
    }
    return verdicts
  }
  return undefined
}

function withoutComments(value: string): string {
  let depth = 0
  let quoted = false
  let kept = ''
  for (let at = 0; at < value.length; at += 1) {
    const character = value[at] ?? ''
    if (character === '\\') at += 1
    else if (character === '"' && depth === 0) quoted = !quoted
    else if (quoted) continue
    else if (character === '(') depth += 1
    else if (character === ')') depth = Math.max(0, depth - 1)
    else if (depth === 0) kept += character
  }
  return kept
}
