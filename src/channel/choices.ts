import type { OutboundContent } from './contract.ts'

/** The text with what is offered as a numbered list below, for platforms without buttons. */
export function withChoices({ text, choices }: Pick<OutboundContent, 'text' | 'choices'>): string {
  if (!choices?.length) return text
  const list = choices.map((choice, index) => `${index + 1}. ${choice.label.replace(/\s+/g, ' ')}`).join('\n')
  return text.trim() === '' ? list : `${text.trimEnd()}\n\n${list}`
}
