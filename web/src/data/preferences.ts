import { createStore, keepJson, keptJson, type Store } from './store.ts'

export interface Preferences {
  theme: 'system' | 'light' | 'dark' | 'contrast'
  density: 'comfortable' | 'compact'
  language: 'system' | 'en' | 'zh'
  sendKey: 'enter' | 'modEnter'
  singleKeys: boolean
  railOpen: boolean
  contextOpen: boolean | null
  /** Width of the list, px. */
  listWidth: number
}

const key = 'tributary.preferences'

const initial: Preferences = {
  theme: 'system',
  density: 'comfortable',
  language: 'system',
  sendKey: 'modEnter',
  singleKeys: true,
  railOpen: false,
  contextOpen: null,
  listWidth: 360,
}

export function createPreferences(): Store<Preferences> {
  const store = createStore<Preferences>({ ...initial, ...keptJson<Partial<Preferences>>(key, {}) })
  store.subscribe(() => {
    keepJson(key, store.get())
    paint(store.get())
  })
  paint(store.get())
  return store
}

function paint({ theme, density }: Preferences): void {
  const { dataset } = document.documentElement
  if (theme === 'system') delete dataset['theme']
  else dataset['theme'] = theme
  dataset['density'] = density
}

/** The language asked for, or the first of the browser's that we speak. */
export function languageOf(preferences: Preferences, browser: readonly string[]): 'en' | 'zh' {
  if (preferences.language !== 'system') return preferences.language
  for (const tag of browser) {
    if (tag.startsWith('zh')) return 'zh'
    if (tag.startsWith('en')) return 'en'
  }
  return 'en'
}
