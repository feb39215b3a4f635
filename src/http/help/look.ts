import type { HelpSettings } from '../../domain/help-settings.ts'
import { contrastOf } from './accent.ts'
import { themeOf } from './styles.ts'

/** What must be read on what. */
const pairs = [
  ['text', 'page'],
  ['text', 'card'],
  ['quiet', 'page'],
  ['quiet', 'card'],
  ['accent', 'page'],
  ['accent', 'card'],
  ['on-accent', 'accent'],
] as const

/** How the pages would look with these settings, and whether they could be read. */
export function helpLookOf(wish: Pick<HelpSettings, 'accent' | 'variables' | 'darkVariables'>) {
  const shown = (theme: 'light' | 'dark') => {
    const all = Object.entries(themeOf(wish, theme))
    const values = Object.fromEntries(all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
    return { values, contrasts: pairs.map(([of, on]) => ({ of, on, ratio: contrastOf(values[of], values[on]) })) }
  }
  return { light: shown('light'), dark: shown('dark') }
}
