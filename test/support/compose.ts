/** What compose puts in the place of `${A}`, `${A:-other}`, `${A:?complaint}` and `${A:+instead}`, one within another. */
export function interpolate(text: string, given: Readonly<Record<string, string>>): string {
  const start = text.indexOf('${')
  if (start < 0) return text
  const end = closingBrace(text, start + 2)
  const [, name = '', kind = '', rest = ''] = /^(\w+)(?::([-?+])([\s\S]*))?$/.exec(text.slice(start + 2, end)) ?? []
  const value = given[name] ?? ''
  const put = () => {
    if (kind === '+') return value === '' ? '' : interpolate(rest, given)
    if (value !== '') return value
    if (kind === '?') throw new Error(`${name}: ${rest}`)
    return kind === '-' ? interpolate(rest, given) : ''
  }
  return text.slice(0, start) + put() + interpolate(text.slice(end + 1), given)
}

function closingBrace(text: string, from: number): number {
  let depth = 1
  for (let i = from; i < text.length; i++) {
    if (text.startsWith('${', i)) depth++
    else if (text[i] === '}' && --depth === 0) return i
  }
  throw new Error(`There is no } for $\{ in ${text}`)
}

/** One service of compose.yaml: its own lines, and its environment as compose would set it. */
export function composeService(yaml: string, name: string, given: Readonly<Record<string, string>>) {
  const text = new RegExp(`\\n {2}${name}:\\n((?: {4}.*\\n|\\n)+)`).exec(yaml)?.[1]
  if (text === undefined) throw new Error(`compose.yaml has no service ${name}`)
  const block = /\n {4}environment:\n((?: {6}.*\n)+)/.exec(`\n${text}`)?.[1] ?? ''
  const pairs = [...block.matchAll(/^ {6}([A-Z_]+): (.+)$/gm)]
  const environment = Object.fromEntries(pairs.map(([, key = '', value = '']) => [key, interpolate(value, given)]))
  return { text, environment }
}
