/** Shorter words are other words when a letter changes. */
const shortest = 4

/** One letter wrong, missing, too many, or two in the wrong order. */
export function isSlip(typed: string, meant: string): boolean {
  const difference = typed.length - meant.length
  if (Math.min(typed.length, meant.length) < shortest || Math.abs(difference) > 1) return false
  let at = 0
  while (at < typed.length && typed[at] === meant[at]) at++
  const rest = (skipTyped: number, skipMeant: number) => typed.slice(at + skipTyped) === meant.slice(at + skipMeant)
  if (difference > 0) return rest(1, 0)
  if (difference < 0) return rest(0, 1)
  return rest(1, 1) || (typed[at] === meant[at + 1] && typed[at + 1] === meant[at] && rest(2, 2))
}
