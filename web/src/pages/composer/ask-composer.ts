/** What the rest of the page may ask of the composer: to write, and in answer to what. */
export interface ComposerWish {
  kind?: 'reply' | 'note'
  replyTo?: string | null
  /** Stands below what is written already. */
  text?: string
}

const name = 'tributary:compose'

export function askComposer(wish: ComposerWish): void {
  window.dispatchEvent(new CustomEvent<ComposerWish>(name, { detail: wish }))
}

export function onComposerWish(listener: (wish: ComposerWish) => void): () => void {
  const listen = (event: Event) => listener((event as CustomEvent<ComposerWish>).detail)
  window.addEventListener(name, listen)
  return () => window.removeEventListener(name, listen)
}
