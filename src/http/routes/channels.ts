import { z } from 'zod'
import type { ChannelAdapter } from '../../channel/contract.ts'
import { commonSettings } from '../../domain/inbox.ts'
import { commonWords } from '../../domain/inbox-words.ts'
import { type Channel, channel } from '../../wire/channel.ts'
import { page } from '../../wire/primitive.ts'
import type { Api } from '../api.ts'
import type { HttpDeps } from '../deps.ts'

export function registerChannels(app: Api, deps: HttpDeps): void {
  let views: Channel[] | undefined
  app.get(
    '/channels',
    {
      config: { access: 'read' },
      schema: { summary: 'What customers can write on', response: { 200: page(channel) } },
    },
    async () => {
      views ??= deps.channels.map(channelView)
      return { items: views, next: null }
    },
  )
}

function channelView(adapter: ChannelAdapter): Channel {
  const { id, name, icon, instructions } = adapter
  return {
    id,
    name,
    icon,
    instructions: [...instructions],
    translations: wordsOf(adapter),
    capabilities: usual(adapter),
    settingsSchema: formOf(adapter),
  }
}

/** A channel without words in a language keeps its own name; the settings every inbox has are said in it all the same. */
function wordsOf(adapter: ChannelAdapter): Channel['translations'] {
  const locales = new Set([...Object.keys(commonWords), ...Object.keys(adapter.translations ?? {})])
  return Object.fromEntries(
    [...locales].map((locale) => {
      const own = adapter.translations?.[locale]
      const { name, instructions } = own ?? adapter
      const fields = { ...own?.fields, ...commonWords[locale] }
      return [locale, { name, instructions: [...instructions], fields, ...(own?.said && { said: { ...own.said } }) }]
    }),
  )
}

/** With the settings nobody touched; null where some must be given first. */
function usual(adapter: ChannelAdapter): Channel['capabilities'] {
  try {
    return adapter.capabilities(adapter.parseSettings({}))
  } catch {
    return null
  }
}

/** The channel's own fields, then those every inbox has. */
function formOf(adapter: ChannelAdapter): Channel['settingsSchema'] {
  const options = { io: 'input', unrepresentable: 'any' } as const
  const own: Record<string, unknown> = { ...z.toJSONSchema(adapter.settingsSchema, options) }
  const common: Record<string, unknown> = { ...z.toJSONSchema(commonSettings, options) }
  if (typeof own['properties'] !== 'object') return own
  const required = [
    ...((own['required'] as string[] | undefined) ?? []),
    ...(adapter.asksPrivacyPage ? ['privacyUrl'] : []),
  ]
  return { ...own, required, properties: { ...own['properties'], ...(common['properties'] as object) } }
}
