import { type ClipboardEvent, type DragEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Attachment } from '../../../../src/wire/message.ts'
import { useGround } from '../../data/services.ts'
import { uploadFile } from '../../data/upload.ts'

export interface Upload {
  key: string
  name: string
  /** 0 to 1. */
  share: number
  error?: string
  stop: () => void
}

export type FilesInHand = ReturnType<typeof useFiles>

/** Files by paste, drop and picker; each uploaded at once, sent with the message by its id. */
export function useFiles(
  attachments: Attachment[],
  setAttachments: (next: Attachment[]) => void,
  /** Why a file would not be taken, when so many are there already; null: it would. */
  refuse: (file: File, held: number) => string | null,
) {
  const { api } = useGround()
  const { t } = useTranslation()
  const [uploads, setUploads] = useState<Upload[]>([])
  const [dropping, setDropping] = useState(false)
  const held = useRef(attachments)
  held.current = attachments
  const running = useRef(0)
  const patch = (key: string, part: Partial<Upload>) =>
    setUploads((old) => old.map((upload) => (upload.key === key ? { ...upload, ...part } : upload)))
  const drop = (key: string) => setUploads((old) => old.filter((upload) => upload.key !== key))

  async function add(file: File): Promise<void> {
    const abort = new AbortController()
    const key = crypto.randomUUID()
    const stop = () => {
      abort.abort()
      drop(key)
    }
    const error = refuse(file, held.current.length + running.current)
    setUploads((old) => [...old, { key, name: file.name, share: 0, stop, ...(error !== null && { error }) }])
    if (error !== null) return
    running.current += 1
    try {
      const stored = await uploadFile(api, file, (share) => patch(key, { share }), abort.signal)
      const attachment: Attachment = { ...stored, fileId: stored.id, state: 'stored', inline: false }
      held.current = [...held.current, attachment]
      setAttachments(held.current)
      drop(key)
    } catch (problem) {
      if (!abort.signal.aborted) patch(key, { error: problem instanceof Error ? problem.message : t('error.offline') })
    } finally {
      running.current -= 1
    }
  }
  const addAll = (list: Iterable<File>) => {
    for (const file of list) void add(file)
  }
  return {
    attachments,
    uploads,
    dropping,
    uploading: uploads.some((upload) => upload.error === undefined),
    addAll,
    remove: (id: string) => setAttachments(attachments.filter((file) => file.id !== id)),
    onPaste: (event: ClipboardEvent) => {
      const files = [...event.clipboardData.files]
      if (files.length === 0) return
      event.preventDefault()
      addAll(files)
    },
    dropProps: {
      onDragOver: (event: DragEvent) => {
        if (!event.dataTransfer.types.includes('Files')) return
        event.preventDefault()
        setDropping(true)
      },
      onDragLeave: () => setDropping(false),
      onDrop: (event: DragEvent) => {
        setDropping(false)
        if (event.dataTransfer.files.length === 0) return
        event.preventDefault()
        addAll(event.dataTransfer.files)
      },
    },
  }
}
