import { createInstance, type i18n } from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { Words } from './locales/en.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: Words }
  }
}

export type Language = 'en' | 'zh'

const load = {
  en: async () => (await import('./locales/en.ts')).en,
  zh: async () => (await import('./locales/zh.ts')).zh,
}

/** Only the language in use is loaded. */
export async function openLanguage(language: Language): Promise<i18n> {
  const instance = createInstance()
  await instance.use(initReactI18next).init({
    lng: language,
    resources: { [language]: { translation: await load[language]() } },
    interpolation: { escapeValue: false },
    returnNull: false,
  })
  return instance
}

export async function changeLanguage(instance: i18n, language: Language): Promise<void> {
  if (!instance.hasResourceBundle(language, 'translation')) {
    instance.addResourceBundle(language, 'translation', await load[language]())
  }
  await instance.changeLanguage(language)
  document.documentElement.lang = language === 'zh' ? 'zh-Hans' : language
}
