export interface SaidWord {
  readonly id: string
  readonly direction: 'in' | 'out' | 'note'
  readonly text: string
}

export interface Extract {
  readonly messageId: string
  readonly text: string
}

export interface ThreadSummary {
  readonly firstQuestion: Extract | null
  readonly lastQuestion: Extract | null
  /** What our side said it would do, oldest first. */
  readonly promised: readonly Extract[]
}

/** Shorter ones are read faster than any summary. */
const long = 8
const longest = 240
const promises = 5

const question =
  /[?？]|^(?:how|what|why|when|where|can|could|is|are|do|does|請問|请问)\b|(?:吗|呢|か|까요|나요)[。.!！]?$/iu
const promise =
  /\b(?:we(?:'|’)?ll|i(?:'|’)?ll|we will|i will|we are going to|by (?:tomorrow|today|monday|tuesday|wednesday|thursday|friday)|within \d+)\b|(?:我们?会|将会|将在|稍后|小时内|工作日内|明天)|(?:いたします|ご連絡します|以内に)|(?:드리겠습니다|하겠습니다|이내에)|(?:сделаем|сообщим|ответим|вернём|вернем|проверим|в течение)/iu

/** Sentences as they were said, none of our own making. null: it is short. */
export function summarise(said: readonly SaidWord[]): ThreadSummary | null {
  const words = said.filter(({ direction }) => direction !== 'note')
  if (words.length < long) return null
  const asked = words.filter(({ direction }) => direction === 'in').flatMap((word) => extract(word, question))
  const ours = words.filter(({ direction }) => direction === 'out').flatMap((word) => extract(word, promise))
  const first = words.find(({ direction, text }) => direction === 'in' && text.trim() !== '')
  return {
    firstQuestion: asked[0] ?? (first ? { messageId: first.id, text: cut(first.text) } : null),
    lastQuestion: asked.length > 1 ? (asked.at(-1) ?? null) : null,
    promised: ours.slice(-promises),
  }
}

function extract({ id, text }: SaidWord, pattern: RegExp): Extract[] {
  const found = sentencesOf(text).find((sentence) => pattern.test(sentence))
  return found === undefined ? [] : [{ messageId: id, text: cut(found) }]
}

function sentencesOf(text: string): string[] {
  return text
    .slice(0, 4_000)
    .split(/(?<=[.!?。！？])\s*|\n+/u)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '')
}

function cut(text: string): string {
  const points = [...text.replace(/\s+/g, ' ').trim()]
  return points.length <= longest ? points.join('') : `${points.slice(0, longest - 1).join('')}…`
}
