/** Whole messages that ask how far somebody's requests are, typed where the platform knows no commands, and in letters. */
const status: Readonly<Record<string, readonly string[]>> = {
  en: ['status', 'my status', 'case status', 'ticket status', 'request status'],
  zh: ['状态', '狀態', '进度', '進度', '查询状态', '查询进度', '查看进度', '查進度', '排队', '排到第几了'],
  ja: ['ステータス', '状況', '進捗', '状況確認', '順番'],
  ko: ['상태', '상황', '진행 상황', '진행상황', '진행 상태', '대기 순서', '순번'],
  ru: ['статус', 'мой статус', 'статус обращения', 'статус заявки', 'моя очередь'],
}

const languageOf = new Map(Object.entries(status).flatMap(([language, words]) => words.map((word) => [word, language])))

/** The language of the word that asks for it; null: it is none. English is what people of all languages type. */
export function statusLanguage(bareText: string): string | null {
  return languageOf.get(bareText) ?? null
}
