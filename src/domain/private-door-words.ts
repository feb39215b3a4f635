/** What brings a customer who writes where others read to where nobody else does, in their own language. */
const words: Readonly<Record<string, (url: string) => string>> = {
  en: (url) => `So that only you and we can read it, please write to us here: ${url}`,
  zh: (url) => `为了只有您和我们能看到，请在这里给我们发消息：${url}`,
  ja: (url) => `ほかの方に見られないよう、こちらからご連絡ください：${url}`,
  ko: (url) => `다른 사람이 볼 수 없도록 여기로 메시지를 보내 주세요: ${url}`,
  ru: (url) => `Чтобы это видели только вы и мы, напишите нам здесь: ${url}`,
}

/** `language` as the platform names it ('zh-Hant-TW'); in English where it is none that we speak. */
export function privateDoorWords(language: string | null, url: string): string {
  const known = words[language?.slice(0, 2).toLowerCase() ?? ''] ?? words['en']
  return known?.(url) ?? url
}
