import type { ServerFrame } from '../../../src/wire/live.ts'
import { createStore, type Store } from './store.ts'

/** Who types and who looks: shown for seconds, never stored. */
export interface LiveSigns {
  /** Conversation id -> names of those who type now. */
  readonly typing: Store<Readonly<Record<string, readonly Typist[]>>>
  readonly viewers: Store<Readonly<Record<string, readonly { id: string; name: string }[]>>>
  receive(frame: ServerFrame): void
}

export interface Typist {
  type: 'contact' | 'agent'
  id: string | null
  name: string
  /** A note to colleagues. */
  note?: boolean
}

const typingLasts = 6_000

export function createLiveSigns(): LiveSigns {
  const typing = createStore<Readonly<Record<string, readonly Typist[]>>>({})
  const viewers = createStore<Readonly<Record<string, readonly { id: string; name: string }[]>>>({})
  const ends = new Map<string, ReturnType<typeof setTimeout>>()

  function setTypist(conversation: string, by: Typist, on: boolean): void {
    typing.set((old) => {
      const others = (old[conversation] ?? []).filter((one) => one.type !== by.type || one.id !== by.id)
      return { ...old, [conversation]: on ? [...others, by] : others }
    })
  }

  return {
    typing,
    viewers,
    receive(frame) {
      if (frame.type === 'viewers') {
        viewers.set((old) => ({ ...old, [frame.conversation]: frame.agents }))
      } else if (frame.type === 'typing') {
        const by = frame.note ? { ...frame.by, note: true } : frame.by
        const key = `${frame.conversation}/${frame.by.type}/${frame.by.id ?? ''}`
        clearTimeout(ends.get(key))
        setTypist(frame.conversation, by, frame.typing)
        if (frame.typing) {
          ends.set(
            key,
            setTimeout(() => setTypist(frame.conversation, by, false), typingLasts),
          )
        }
      }
    },
  }
}
