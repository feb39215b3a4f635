import { adopt } from './dom.ts'
import { startEngine } from './engine.ts'
import { en, zh } from './locales.ts'
import { panelStyles } from './panel-styles.ts'
import { createPanelView } from './panel-view.ts'
import type { Panel, PanelOptions } from './types.ts'

/** Called by the loader, once for a page. */
export function start(options: PanelOptions): Panel {
  const words = options.locale === 'zh' ? zh : en
  const locale = options.locale === 'zh' ? 'zh-CN' : /^en/i.test(navigator.language) ? navigator.language : 'en-GB'
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
