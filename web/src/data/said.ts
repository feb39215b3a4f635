import { useTranslation } from 'react-i18next'
import { useChannels } from './directory.ts'

type Said = Readonly<Record<string, string>>

/** Line by line. A channel's sentence in its own words of another language; what nobody translated stays as it is. */
export function translated(said: Said | undefined, text: string): string {
  return said
    ? text
        .split('\n')
        .map((line) => oneLine(said, line))
        .join('\n')
    : text
}

function oneLine(said: Said, sentence: string): string {
  const whole = said[sentence]
  if (whole !== undefined) return whole
  for (const [english, own] of Object.entries(said)) {
    if (!english.includes('{}')) continue
    const values = shapeOf(english).exec(sentence)?.slice(1)
    if (!values) continue
    // What differs may have words of its own.
    const filled = values.map((value) => oneLine(said, value))
    return own.replaceAll('{}', () => filled.shift() ?? '')
  }
  return sentence
}

function shapeOf(english: string): RegExp {
  const pieces = english.split('{}').map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${pieces.join('(.*?)')}$`, 's')
}

export function useSaid(channelId: string): (sentence: string) => string {
  const { i18n } = useTranslation()
  const said = useChannels().find((one) => one.id === channelId)?.translations[i18n.language]?.said
  return (sentence) => translated(said, sentence)
}
