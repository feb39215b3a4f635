import { type ClipboardEvent, type DragEvent, type RefObject, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { StoredFile } from '../../../../src/wire/file.ts'
import { useGround } from '../../data/services.ts'
import { uploadFile } from '../../data/upload.ts'

/** As `helpFileUrl` of the server writes it: what a text names a file by. */
export function addressOf(file: Pick<StoredFile, 'id' | 'name'>): string {
  const name = encodeURIComponent(file.name).replace(/[()'*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)
  return `/help/files/${file.id}/${name}`
}

/** A video without captions that stands before this place. */
const bareVideo =
  /!\[[^\]]*\]\(\/help\/files\/\d+\/[^\s()]+\.(?:mp4|webm|mov)\)(?![\s\S]*!\[[^\]]*\]\(\/help\/files\/\d+\/[^\s()]+\.(?:mp4|webm|mov)\))/i

/** The text with a file in it, at this place. Captions go to the video before them. */
export function withFile(body: string, at: number, file: Pick<StoredFile, 'id' | 'name' | 'type'>): string {
  const address = addressOf(file)
  const [before, after] = [body.slice(0, at), body.slice(at)]
  if (file.type === 'text/vtt' && bareVideo.test(before)) {
    return before.replace(bareVideo, (video) => `${video.slice(0, -1)} "${address}")`) + after
  }
  const label = file.name.replace(/\.[^.]*$/, '').replace(/[[\]\\]/g, ' ')
  const shown = /^(?:image|video)\//.test(file.type)
  const gap = before === '' || before.endsWith('\n\n') ? '' : before.endsWith('\n') ? '\n' : '\n\n'
  return `${before}${shown ? gap : ''}${shown ? '!' : ''}[${label}](${address})${shown ? '\n\n' : ''}${after}`
}

interface Target {
  readonly box: RefObject<HTMLTextAreaElement | null>
  /** The text of now, changed. */
  readonly change: (edit: (body: string) => string) => void
  readonly onStored: (file: StoredFile) => void
}

/** Pictures, videos and captions by paste and drop: uploaded at once, named where the writing stood. */
export function useDroppedFiles({ box, change, onStored }: Target) {
  const { api, toasts } = useGround()
  const { t } = useTranslation()
  const [uploading, setUploading] = useState<readonly string[]>([])
  const [dropping, setDropping] = useState(false)

  async function add(file: File): Promise<void> {
    setUploading((old) => [...old, file.name])
    try {
      const stored = await uploadFile(api, file, () => undefined, new AbortController().signal)
      onStored(stored)
      const at = box.current?.selectionStart
      change((body) => withFile(body, at ?? body.length, stored))
    } catch (problem) {
      toasts.show({ text: problem instanceof Error ? problem.message : t('error.offline'), tone: 'problem' })
    } finally {
      setUploading((old) => old.filter((name) => name !== file.name))
    }
  }
  async function addAll(files: readonly File[]): Promise<void> {
    // In their order: captions belong to the video before them.
    for (const file of files) await add(file)
  }
  const take = (event: { preventDefault(): void }, files: readonly File[]) => {
    if (files.length === 0) return
    event.preventDefault()
    void addAll(files)
  }
  return {
    uploading,
    dropping,
    props: {
      onPaste: (event: ClipboardEvent) => take(event, [...event.clipboardData.files]),
      onDragOver: (event: DragEvent) => {
        if (!event.dataTransfer.types.includes('Files')) return
        event.preventDefault()
        setDropping(true)
      },
      onDragLeave: () => setDropping(false),
      onDrop: (event: DragEvent) => {
        setDropping(false)
        take(event, [...event.dataTransfer.files])
      },
    },
  }
}
