import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, root, toError } from '../../data/api.ts'
import { useGround } from '../../data/services.ts'

/** The mail exactly as it came, as a file; kept for some weeks only, and then that is said. */
export function useOriginal(messageId: string): { busy: boolean; download: () => void } {
  const { t } = useTranslation()
  const { toasts } = useGround()
  const [busy, setBusy] = useState(false)

  async function fetchOriginal(): Promise<void> {
    const response = await fetch(`${root}/messages/${messageId}/raw`, { credentials: 'same-origin' })
    if (!response.ok) throw await toError(response)
    const url = URL.createObjectURL(await response.blob())
    const link = document.createElement('a')
    link.href = url
    link.download = `${messageId}.eml`
    link.click()
    setTimeout(() => URL.revokeObjectURL(url), 60_000)
  }
  return {
    busy,
    download: () => {
      setBusy(true)
      fetchOriginal()
        .catch((error: unknown) => {
          const gone = error instanceof ApiError && error.status === 404
          toasts.show({ tone: 'problem', text: t(gone ? 'letter.originalGone' : 'error.offline') })
        })
        .finally(() => setBusy(false))
    },
  }
}
