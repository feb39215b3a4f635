import { adopt } from './dom.ts'
import { startEngine } from './engine.ts'
import { en, type Words, zh } from './locales.ts'
import { ja, ko, ru } from './locales-more.ts'
import { panelStyles } from './panel-styles.ts'
import { createPanelView } from './panel-view.ts'
import type { Panel, PanelOptions } from './types.ts'

const languages: Readonly<Record<string, Words>> = { en, zh, ja, ko, ru }

/** In which days and times are written. */
function timesOf(language: string): string {
  if (language !== 'en') return language === 'zh' ? 'zh-CN' : language
  return /^en/i.test(navigator.language) ? navigator.language : 'en-GB'
}

/** Called by the loader, once for a page. */
export function start(options: PanelOptions): Panel {
  const words = languages[options.locale] ?? en
  const locale = timesOf(options.locale)
  adopt(options.root, panelStyles)
  const engine = startEngine(options)
  const view = createPanelView(engine, words, locale)
  options.root.append(view.element)
  engine.store.subscribe(view.update)
  document.addEventListener('visibilitychange', () => view.update(engine.store.get()))
  view.update(engine.store.get())
  return {
    open: () => engine.setOpen(true),
    close: () => engine.setOpen(false),
    identify: engine.identify,
    signOut: engine.signOut,
  }
}
