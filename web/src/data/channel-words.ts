import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { Channel, ChannelWords } from '../../../src/wire/channel.ts'
import type { FieldProblem } from '../../../src/wire/error.ts'
import type { Preview } from '../../../src/wire/message.ts'
import { useChannels } from './directory.ts'

/** undefined: in English, as the channel and its schema say it themselves. */
export function wordsOf(channel: Channel, language: string): ChannelWords | undefined {
  return channel.translations[language]
}

export function nameOf(channel: Channel, language: string): string {
  return wordsOf(channel, language)?.name ?? channel.name
}

/** By the channel's id, which stands in for a name nobody knows yet. */
export function useChannelName(): (id: string) => string {
  const { i18n } = useTranslation()
  const channels = useChannels()
  return (id) => {
    const found = channels.find((one) => one.id === id)
    return found ? nameOf(found, i18n.language) : id
  }
}

export type SayProblem = (problem: Omit<FieldProblem, 'field'> & { field?: string | undefined }) => string

/** What is wrong with a setting, in the words of the field where it has its own; else the server's sentence. */
export function sayProblem(t: TFunction, words: ChannelWords | undefined): SayProblem {
  return ({ field = '', message, code, limit }) => {
    if (code && code !== 'invalid') return t(`form.wrong.${code}`, { limit })
    const path = field.replace(/^settings\./, '').replace(/\.\d+(\..*)?$/, '')
    const own = words?.fields[path]?.problem
    return own ?? (words && code ? t('form.wrong.invalid') : message)
  }
}

/** What the channel would change or refuse of a reply. */
export function sayPreviewProblem(t: TFunction, channel: string, problem: Preview['problems'][number]): string {
  const { code, what, name, limit, message } = problem
  switch (code) {
    case 'ownWay':
    case 'plainText':
      return what === 'attachments' || what === 'message'
        ? message
        : t(`composer.shown.${code}`, { channel, what: t(`composer.mark.${what}`) })
    case 'noFiles':
    case 'fileTooLarge':
    case 'fileKind':
    case 'severalMessages':
      return t(`composer.files.${code}`, { channel, name, limit })
    case 'refused':
      return message
    default:
      // A newer server may know more problems than this page.
      code satisfies never
      return message
  }
}
