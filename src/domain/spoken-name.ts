/** People choose their names: one that is a link or markup must not become one in our words. CommonMark; '' where nothing is left. */
export function spokenName(name: string): string {
  const line = name.replace(/\s+/g, ' ').trim()
  if (/:\/\/|www\.|@/i.test(line)) return ''
  return line.replace(/[\\`*_[\]<>~&]/g, '\\$&')
}
