// \b knows only ASCII.
const before = '(?<![\\p{L}\\p{M}])'
const after = '(?![\\p{L}\\p{M}])'
/** Whole words. */
export const words = (...list: readonly string[]) => `${before}(?:${list.join('|')})${after}`
/** How words begin. */
export const begins = (...list: readonly string[]) => `${before}(?:${list.join('|')})`
/** Anywhere: in languages without spaces. */
export const signs = (...list: readonly string[]) => list.join('|')
