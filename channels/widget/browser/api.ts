import type {
  Article,
  Availability,
  EmailState,
  FilledForm,
  Form,
  Message,
  MessagePage,
  Place,
  Settings,
  Suggestion,
} from './types.ts'

/** What the server answered, when it was not what was asked for. `status` 0: no answer came. */
export class ApiError extends Error {
  readonly status: number
  /** ms; how long the server asked to wait. */
  readonly retryAfter: number
  /** What is wrong with which answer. */
  readonly fields: readonly { readonly field: string; readonly message: string }[]

  constructor(status: number, message: string, more: { retryAfter?: number; fields?: ApiError['fields'] } = {}) {
    super(message)
    this.status = status
    this.retryAfter = more.retryAfter ?? 0
    this.fields = more.fields ?? []
  }

  /** The same request may succeed later. */
  get passing(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500
  }
}

export interface Api {
  settings(): Promise<Settings>
  session(body: { visitorToken?: string; identity?: string }): Promise<{ visitorToken: string }>
  send(token: string, message: { clientId: string; text: string; attachments: readonly string[] }): Promise<Message>
  messages(token: string, query: { after?: string; before?: string }): Promise<MessagePage>
  read(token: string, upTo: string): Promise<{ readUpTo: string | null }>
  email(token: string): Promise<EmailState>
  place(token: string): Promise<Place>
  availability(token: string | undefined, page: string): Promise<Availability>
  leaveEmail(token: string, email: string): Promise<EmailState>
  upload(token: string, file: { name: string; blob: Blob }, onProgress: (share: number) => void): Promise<string>
  socketUrl(token: string): string
  articles(q: string): Promise<{ items: readonly Suggestion[] }>
  article(id: string): Promise<Article>
  forms(): Promise<{ items: readonly Form[] }>
  sendForm(token: string, form: FilledForm & { attachments: readonly string[] }): Promise<Message>
}

/** A dead connection must not hold up the queue for ever, ms. */
const patience = 20_000

export function createApi(base: string, inboxId: string, language: string): Api {
  const locale = readerLocale(language)
  const root = `${base}/widget/v1/${encodeURIComponent(inboxId)}`

  async function call<T>(method: string, path: string, token?: string, body?: unknown): Promise<T> {
    const abort = new AbortController()
    const timer = setTimeout(() => abort.abort(), patience)
    try {
      const response = await fetch(root + path, {
        method,
        signal: abort.signal,
        credentials: 'omit',
        headers: {
          ...(token && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      if (!response.ok) throw failed(response.status, text, response.headers.get('retry-after'))
      return (text ? JSON.parse(text) : null) as T
    } catch (error) {
      throw error instanceof ApiError ? error : new ApiError(0, 'No answer came.')
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    settings: () => call('GET', ''),
    session: (body) => call('POST', '/session', undefined, body),
    async send(token, message) {
      const body = { ...message, language }
      return (await call<{ message: Message }>('POST', '/messages', token, body)).message
    },
    messages: (token, query) => call('GET', `/messages?${new URLSearchParams(query)}`, token),
    read: (token, upTo) => call('PUT', '/read', token, { upTo }),
    availability: (token, page) => call('GET', `/availability?${new URLSearchParams({ page })}`, token),
    place: (token) => call('GET', '/place', token),
    email: (token) => call('GET', '/email', token),
    leaveEmail: (token, email) => call('PUT', '/email', token, { email, language }),
    upload: (token, file, onProgress) => upload(`${root}/files`, token, file, onProgress),
    articles: (q) => call('GET', `/articles?${new URLSearchParams({ q, locale })}`),
    article: (id) => call('GET', `/articles/${id}?locale=${locale}`),
    forms: () => call('GET', `/forms?locale=${locale}`),
    async sendForm(token, form) {
      return (await call<{ message: Message }>('POST', '/form', token, { ...form, language: locale })).message
    },
    socketUrl: (token) => `${root.replace(/^http/, 'ws')}/live?token=${encodeURIComponent(token)}`,
  }
}

/** The chat speaks five languages, articles any: where it falls back to English, what the browser asks for. */
export function readerLocale(language: string): string {
  const [own = ''] = navigator.language.toLowerCase().split('-')
  return language === 'en' && /^[a-z]{2,3}$/.test(own) ? own : language
}

function failed(status: number, text: string, retryAfter: string | null): ApiError {
  let message = ''
  let fields: ApiError['fields'] = []
  try {
    const { error } = JSON.parse(text) as { error: { message: string; details?: ApiError['fields'] } }
    message = error.message
    if (Array.isArray(error.details)) fields = error.details
  } catch {
    // A proxy's own page; its status says enough.
  }
  return new ApiError(status, message, { retryAfter: Number(retryAfter ?? 0) * 1000 || 0, fields })
}

/** XMLHttpRequest: fetch does not tell how far an upload has come. */
function upload(url: string, token: string, file: { name: string; blob: Blob }, onProgress: (share: number) => void) {
  return new Promise<string>((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', url)
    request.setRequestHeader('authorization', `Bearer ${token}`)
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total)
    request.onerror = () => reject(new ApiError(0, 'No answer came.'))
    request.onabort = request.onerror
    request.onload = () => {
      if (request.status !== 201) {
        return reject(failed(request.status, request.responseText, request.getResponseHeader('retry-after')))
      }
      resolve((JSON.parse(request.responseText) as { file: { id: string } }).file.id)
    }
    const form = new FormData()
    form.append('file', file.blob, file.name)
    request.send(form)
  })
}
