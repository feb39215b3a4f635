/** A BCP 47 tag as it is written everywhere here (`zh-TW`); null: it is none. */
export function localeTag(text: string): string | null {
  if (!/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$/.test(text)) return null
  try {
    return Intl.getCanonicalLocales(text)[0] ?? null
  } catch {
    return null
  }
}

export interface LocaleSettings {
  /** What stands in for a language; undefined: the language without its region. */
  readonly fallbacks: Readonly<Record<string, readonly string[]>>
  /** Last of every chain. */
  readonly defaultLocale: string
}

/** In which languages to look for a text, best first; the wanted one is always the first. */
export function localeChain(wanted: string, { fallbacks, defaultLocale }: LocaleSettings): string[] {
  const parts = wanted.split('-')
  const broader = parts.slice(1).map((_, cut) => parts.slice(0, parts.length - 1 - cut).join('-'))
  const named = [wanted, ...broader].map((locale) => fallbacks[locale]).find((chain) => chain !== undefined) ?? []
  return [...new Set([wanted, ...broader, ...named, defaultLocale])]
}

/** Of these languages the one a browser likes best, by its Accept-Language; null: it names none of them. */
export function acceptedLocale(header: string | undefined, locales: readonly string[]): string | null {
  for (const tag of likedLocales(header ?? '')) {
    const exact = locales.find((locale) => locale.toLowerCase() === tag)
    const near = locales.find((locale) => languageOf(locale) === languageOf(tag))
    if (exact !== undefined || near !== undefined) return exact ?? near ?? null
  }
  return null
}

function likedLocales(header: string): string[] {
  return header
    .slice(0, 500)
    .toLowerCase()
    .split(',')
    .map((part, place) => {
      const [tag = '', ...rest] = part.trim().split(';')
      const given = rest.find((one) => one.trim().startsWith('q='))
      return { tag, place, q: given === undefined ? 1 : Number(given.trim().slice(2)) || 0 }
    })
    .filter(({ tag, q }) => tag !== '' && q > 0)
    .sort((a, b) => b.q - a.q || a.place - b.place)
    .map(({ tag }) => tag)
}

const languageOf = (tag: string) => tag.toLowerCase().split('-')[0]
