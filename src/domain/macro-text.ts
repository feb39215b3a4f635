import { spokenName } from './spoken-name.ts'

/** What a macro's text may name, in double braces; behind a bar stands what is said where nothing is known. */
export const macroVariables = ['contact.name', 'conversation.number', 'agent.name'] as const
export type MacroVariable = (typeof macroVariables)[number]
export type MacroValues = Readonly<Partial<Record<MacroVariable, string | null>>>

const place = /\{\{\s*([^{}|]*?)\s*(?:\|([^{}]*))?\}\}/g

/** The first name in braces that is no variable; null: all are. */
export function unknownVariable(text: string): string | null {
  for (const [, name = ''] of text.matchAll(place)) if (!isVariable(name)) return name
  return null
}

export function filledIn(text: string, values: MacroValues): string {
  return text.replace(place, (whole, name: string, otherwise: string | undefined) => {
    if (!isVariable(name)) return whole
    const value = spokenName(values[name] ?? '')
    return value === '' ? (otherwise ?? '').trim() : value
  })
}

function isVariable(name: string): name is MacroVariable {
  return macroVariables.some((one) => one === name)
}
