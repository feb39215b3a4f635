/** Whole messages, in the five languages. https://docs.x.com/developer-terms/policy asks for a clear way out of automation. */
const stop: Readonly<Record<string, readonly string[]>> = {
  en: ['stop', 'stop all', 'unsubscribe', 'opt out', 'optout', 'quit bot'],
  zh: ['停止', '退订', '退訂', '取消订阅', '取消訂閱', '不要再发', '停止自动回复'],
  ja: ['やめて', 'やめてください', '停止してください', '配信停止', '配信を停止', 'ストップ', '購読解除'],
  ko: ['그만', '중지', '정지', '수신거부', '수신 거부', '구독취소', '구독 취소'],
  ru: ['стоп', 'отписаться', 'отписка', 'хватит', 'остановить', 'прекратить'],
}
const start = [
  'start',
  'unstop',
  'resume',
  '开始',
  '開始',
  '恢复',
  '再開',
  '시작',
  '재개',
  'старт',
  'начать',
  'возобновить',
]

const languageOfStop = new Map(
  Object.entries(stop).flatMap(([language, words]) => words.map((word) => [word, language])),
)
const starts = new Set(start)

export function isStopWord(text: string): boolean {
  return languageOfStop.has(bare(text))
}

/** The language a stop word belongs to; null: it is none. Han words that Chinese and Japanese share count as Chinese. */
export function stopLanguage(text: string): string | null {
  return languageOfStop.get(bare(text)) ?? null
}

export function resumes(text: string): boolean {
  return starts.has(bare(text))
}

/** Full width and case do not matter, nor what stands around the word: "STOP!", "「停止」". */
export function bare(text: string): string {
  if (text.length > 60) return ''
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/^[\p{P}\p{S}\s]+|[\p{P}\p{S}\s]+$/gu, '')
    .replace(/\s+/g, ' ')
}
