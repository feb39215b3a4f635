import { accentOf } from './colour.ts'
import { adopt, h } from './dom.ts'
import { closeIcon, launcherIcon } from './icons.ts'
import { loaderStyles } from './loader-styles.ts'
import { storageKey } from './storage.ts'
import type { Panel, PanelOptions } from './types.ts'

declare const __PANEL__: string

declare global {
  interface Window {
    Tributary?: {
      open(): void
      close(): void
      /** A token that the website signed for the person who is signed in there. */
      identify(token: string): void
      /** Forgets the visitor on this device. */
      signOut(): void
    }
  }
}

/** Of the button, open and closed. */
const labels: Readonly<Record<string, readonly [string, string]>> = {
  en: ['Open chat', 'Close chat'],
  zh: ['打开聊天', '关闭聊天'],
  ja: ['チャットを開く', 'チャットを閉じる'],
  ko: ['채팅 열기', '채팅 닫기'],
  ru: ['Открыть чат', 'Закрыть чат'],
}

const script = document.currentScript as HTMLScriptElement | null
const inboxId = script?.dataset['inbox']
// A page that includes the script twice gets one chat.
if (script && inboxId && !window.Tributary) install(script, inboxId)

function install(script: HTMLScriptElement, inboxId: string): void {
  const base = new URL(script.src).origin
  const [asked = ''] = (script.dataset['locale'] ?? navigator.language).toLowerCase().split('-')
  const locale = Object.hasOwn(labels, asked) ? asked : 'en'
  const host = h('div', { class: 'tributary', lang: locale })
  const theme = script.dataset['theme']
  if (theme === 'dark' || theme === 'light') host.dataset['theme'] = theme
  const root = host.attachShadow({ mode: 'open' })
  adopt(root, loaderStyles)

  const badge = h('span', { class: 'badge', hidden: true })
  const [label, closeLabel] = labels[locale] ?? ['', '']
  const button = h('button', { class: 'launcher', type: 'button', 'aria-label': label, 'aria-expanded': 'false' })
  button.append(launcherIcon(), closeIcon(), badge)
  root.append(button)

  let panel: Promise<Panel> | undefined
  let identity: string | undefined
  let visible = false
  const options: PanelOptions = {
    inboxId,
    base,
    locale,
    root,
    onUnread(count) {
      badge.hidden = count === 0
      badge.textContent = count > 9 ? '9+' : String(count)
      button.setAttribute('aria-label', count > 0 && !visible ? `${label} (${count})` : visible ? closeLabel : label)
    },
    onVisible(now) {
      visible = now
      button.setAttribute('aria-expanded', String(now))
      button.setAttribute('aria-label', now ? closeLabel : label)
      host.toggleAttribute('data-open', now)
      if (!now) button.focus()
    },
  }

  function load(): Promise<Panel> {
    panel ??= import(/* @vite-ignore */ `${base}/widget/v1/${__PANEL__}`)
      .then((module: { start(options: PanelOptions): Panel }) => {
        const started = module.start(options)
        if (identity) void started.identify(identity)
        return started
      })
      .catch((error: unknown) => {
        panel = undefined
        button.classList.remove('busy')
        throw error
      })
    return panel
  }

  // Failing to load is shown by the button staying closed; the next press tries again.
  const withPanel = (use: (panel: Panel) => unknown): void => {
    load().then(use, () => {})
  }
  const toggle = (open: boolean): void => withPanel((p) => (open ? p.open() : p.close()))
  button.addEventListener('click', () => toggle(!visible))
  window.Tributary = {
    open: () => toggle(true),
    close: () => panel && toggle(false),
    identify(token) {
      identity = token
      // Who has not written here has nothing to wait for until they open the chat.
      if (panel || hasWritten(inboxId)) withPanel((p) => p.identify(token))
    },
    signOut() {
      identity = undefined
      if (panel || hasWritten(inboxId)) withPanel((p) => p.signOut())
    },
  }

  const show = (): void => {
    const accent = accentOf(script.dataset['accent'])
    host.style.setProperty('--accent', accent.background)
    host.style.setProperty('--on-accent', accent.text)
    document.body.append(host)
    if (hasWritten(inboxId)) whenIdle(() => withPanel(() => {}))
  }
  if (document.body) show()
  else document.addEventListener('DOMContentLoaded', show, { once: true })
}

/** Only who has written before has replies to wait for, or words that were not sent yet. */
function hasWritten(inboxId: string): boolean {
  try {
    return localStorage.getItem(storageKey(inboxId)) !== null
  } catch {
    return false
  }
}

function whenIdle(work: () => void): void {
  if ('requestIdleCallback' in window) requestIdleCallback(work, { timeout: 3000 })
  else setTimeout(work, 500)
}
