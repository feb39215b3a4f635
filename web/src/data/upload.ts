import type { ErrorBody } from '../../../src/wire/error.ts'
import type { StoredFile } from '../../../src/wire/file.ts'
import { type Api, ApiError, root } from './api.ts'

/** XMLHttpRequest, because fetch tells nothing about how much of a body has left. */
export function uploadFile(
  api: Api,
  file: File,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<StoredFile> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', `${root}/files`)
    const token = api.csrfToken()
    if (token) request.setRequestHeader('x-csrf-token', token)
    request.responseType = 'json'
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total)
    request.onload = () => {
      if (request.status < 300) return resolve(request.response as StoredFile)
      const error = (request.response as ErrorBody | null)?.error
      reject(new ApiError(request.status, error?.code ?? 'unreadable', error?.message ?? `HTTP ${request.status}`))
    }
    request.onerror = () => reject(new ApiError(0, 'offline', 'No answer from the server.'))
    request.onabort = () => reject(new DOMException('Stopped', 'AbortError'))
    signal.addEventListener('abort', () => request.abort())
    const form = new FormData()
    form.append('file', file, file.name || 'image.png')
    request.send(form)
  })
}
