import { useCallback, useEffect, useRef, useState } from 'react'
import type { Draft, DraftAnswer, DraftBody, DraftLetter } from '../../../src/wire/draft.ts'
import type { Attachment } from '../../../src/wire/message.ts'
import { type Api, ApiError } from './api.ts'
import { type Envelope, isAddress } from './letter.ts'
import { useApi, useDesk } from './services.ts'
import { keepJson, keptJson } from './store.ts'

export interface Writing {
  kind: 'reply' | 'note'
  text: string
  attachments: Attachment[]
  replyTo: string | null
  /** Who a letter goes to, once the agent changed it. */
  envelope: Envelope | null
}

interface Kept extends Writing {
  /** The server's copy this one was made from. */
  rev: number
  /** Changed here and not yet on the server. */
  dirty: boolean
}

const empty: Kept = { kind: 'reply', text: '', attachments: [], replyTo: null, envelope: null, rev: 0, dirty: false }
const saveAfter = 700

/** A draft is never lost: this browser holds it at once, the server within a second of the last key. */
export function useDraft(conversationId: string) {
  const api = useApi()
  const owner = useDesk().me.agent?.id ?? 'token'
  const key = `tributary.draft.${owner}.${conversationId}`
  const [writing, setWriting] = useState<Kept>(() => ({ ...empty, ...keptJson<Partial<Kept>>(key, {}) }))
  const current = useRef(writing)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const saving = useRef<Promise<void>>(Promise.resolve())

  const put = useCallback(
    (next: Kept) => {
      current.current = next
      setWriting(next)
      keepJson(key, isBlank(next) && !next.dirty ? null : next)
    },
    [key],
  )

  const save = useCallback(
    (keepalive = false) => {
      clearTimeout(timer.current)
      saving.current = saving.current.then(async () => {
        const mine = current.current
        if (!mine.dirty) return
        const rev = await store(api, conversationId, mine, keepalive)
        if (rev === null) return
        const still = current.current
        const unchanged =
          still.text === mine.text &&
          still.kind === mine.kind &&
          still.attachments === mine.attachments &&
          still.envelope === mine.envelope
        put({ ...still, rev, dirty: unchanged ? false : still.dirty })
      })
      return saving.current
    },
    [api, conversationId, put],
  )

  const change = useCallback(
    (part: Partial<Writing>) => {
      put({ ...current.current, ...part, dirty: true })
      clearTimeout(timer.current)
      timer.current = setTimeout(() => void save(), saveAfter)
    },
    [put, save],
  )

  /** What was written, taken out for sending: the server drops its copy when it stores the message. */
  const take = useCallback((): Writing => {
    clearTimeout(timer.current)
    const { rev: _rev, dirty: _dirty, ...taken } = current.current
    put({ ...empty, kind: taken.kind === 'note' ? 'reply' : taken.kind })
    return taken
  }, [put])

  useEffect(() => {
    let gone = false
    void fetchDraft(api, conversationId).then((draft) => {
      const mine = current.current
      if (gone || draft === undefined) return
      // Sent or discarded elsewhere: what lies here is a copy of what is gone.
      if (draft === null) return mine.dirty ? put({ ...mine, rev: 0 }) : put(empty)
      if (mine.dirty) put({ ...mine, rev: draft.rev })
      else if (draft.rev >= mine.rev) put({ ...fromServer(draft), dirty: false })
    })
    const leave = () => void save(true)
    window.addEventListener('pagehide', leave)
    return () => {
      gone = true
      window.removeEventListener('pagehide', leave)
      void save(true)
    }
  }, [api, conversationId, put, save])

  return { writing: writing as Writing, change, take, settled: () => saving.current }
}

function isBlank(writing: Writing): boolean {
  return writing.text.trim() === '' && writing.attachments.length === 0 && writing.envelope === null
}

function fromServer(draft: Draft): Kept {
  return {
    kind: draft.kind,
    text: draft.text,
    replyTo: draft.replyTo,
    envelope: draft.letter && envelopeOf(draft.letter),
    rev: draft.rev,
    dirty: false,
    attachments: draft.attachments.map((file) => ({ ...file, fileId: file.id, state: 'stored', inline: false })),
  }
}

function envelopeOf({ to = [], cc = [], bcc = [], subject = '' }: DraftLetter): Envelope {
  const named = (list: typeof to) => list.map(({ name = '', address }) => ({ name, address }))
  return { to: named(to), cc: named(cc), bcc: named(bcc), subject }
}

/** What is half an address yet stays in this browser: the server would refuse the whole draft for it. */
function letterOf({ to, cc, bcc, subject }: Envelope): DraftLetter {
  const whole = (list: Envelope['to']) => list.filter((one) => isAddress(one.address))
  return { to: whole(to), cc: whole(cc), bcc: whole(bcc), subject }
}

/** undefined: the server could not be asked. */
async function fetchDraft(api: Api, id: string): Promise<Draft | null | undefined> {
  try {
    return (await api.get<DraftAnswer>(`/conversations/${id}/draft`)).draft
  } catch {
    return undefined
  }
}

/** The new rev; null when it could not be stored now. What is being typed here wins over an older copy from elsewhere. */
async function store(api: Api, id: string, mine: Kept, keepalive: boolean): Promise<number | null> {
  const path = `/conversations/${id}/draft`
  const put = async (rev: number): Promise<number> => {
    const body: DraftBody = {
      kind: mine.kind,
      text: mine.text,
      rev,
      replyTo: mine.replyTo,
      letter: mine.envelope && letterOf(mine.envelope),
      attachments: mine.attachments.flatMap((file) => file.fileId ?? []),
    }
    return (await api.send<Draft>('PUT', path, body, keepalive)).rev
  }
  try {
    if (isBlank(mine)) {
      if (mine.rev > 0) await api.send('DELETE', path, undefined, keepalive)
      return 0
    }
    return await put(mine.rev)
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 409) return null
    const theirs = await fetchDraft(api, id)
    try {
      return await put(theirs?.rev ?? 0)
    } catch {
      return null
    }
  }
}
