export interface OfferedChoice {
  readonly id: string
  readonly label: string
}

/** Of an offer: none of its articles fits. */
export const noneFits = 'none'

/** Which of what was offered this says: a pressed button says its label, who has no buttons types its number. */
export function chosenOf(offered: readonly OfferedChoice[], text: string): OfferedChoice | null {
  const said = bare(text)
  if (/^[1-9]$/.test(said)) return offered[Number(said) - 1] ?? null
  return offered.find(({ label }) => bare(label) === said) ?? null
}

function bare(text: string): string {
  return text.normalize('NFKC').replace(/\s+/g, ' ').trim().toLowerCase()
}
