import { helpFileUrl } from '../../domain/article-files.ts'
import { acceptedLocale, localeChain, localeTag } from '../../domain/help-locale.ts'
import { helpWords } from '../../domain/help-words.ts'
import { publicLocales } from '../../store/article-public.ts'
import { findFile } from '../../store/file.ts'
import { readHelpSettings } from '../../store/help-setting.ts'
import { getInbox } from '../../store/inbox.ts'
import type { HttpDeps } from '../deps.ts'
import { assetUrls } from './assets.ts'
import type { Site } from './layout.ts'

export interface OpenSite extends Site {
  /** Where to look for a text, best first. */
  readonly chain: readonly string[]
}

/** The help centre in a language; null: there is none in it, not even by standing in, or it is switched off. */
export async function openSite({ db: { pool }, publicUrl }: HttpDeps, asked: string): Promise<OpenSite | null> {
  const [settings, locales] = await Promise.all([readHelpSettings(pool), publicLocales(pool)])
  const locale = localeTag(asked)
  if (!settings.enabled || locale !== asked) return null
  const chain = localeChain(locale, settings)
  const offered = [...new Set([...locales, settings.defaultLocale])]
  // A page for every language there is would be the default language under thousands of addresses.
  const spoken = (one: string) => one !== settings.defaultLocale || one.split('-')[0] === locale.split('-')[0]
  if (!chain.some((one) => offered.includes(one) && spoken(one))) return null
  const logo = settings.logoId === null ? null : await findFile(pool, settings.logoId)
  return {
    settings,
    locale,
    words: helpWords(locale),
    publicUrl,
    assets: assetUrls(settings),
    locales: offered,
    logoUrl: logo && helpFileUrl(logo.id, logo.name),
    hasContact: settings.contactInboxId !== null && (await getInbox(pool, settings.contactInboxId))?.enabled === true,
    chain,
  }
}

/** Which language to begin in. */
export async function firstLocale({ db: { pool } }: HttpDeps, accept: string | undefined): Promise<string> {
  const [settings, locales] = await Promise.all([readHelpSettings(pool), publicLocales(pool)])
  return acceptedLocale(accept, locales) ?? settings.defaultLocale
}
