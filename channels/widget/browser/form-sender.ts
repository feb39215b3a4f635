import type { Api } from './api.ts'
import type { Session } from './session.ts'
import { merged, type Store } from './state.ts'
import type { FilledForm } from './types.ts'

export type SendForm = (form: FilledForm, files: readonly File[]) => Promise<void>

/** Rejects with what the server said. A file that is there already is not sent again. */
export function createFormSender(api: Api, session: Session, store: Store, sent: () => void): SendForm {
  const uploaded = new WeakMap<File, { readonly token: string; readonly id: string }>()
  return async (form, files) => {
    const token = await session.ensure()
    const attachments: string[] = []
    for (const file of files) {
      const known = uploaded.get(file)
      const id = known?.token === token ? known.id : await api.upload(token, { name: file.name, blob: file }, () => {})
      uploaded.set(file, { token, id })
      attachments.push(id)
    }
    const message = await api.sendForm(token, { ...form, attachments })
    store.set({ messages: merged(store.get().messages, [message]) })
    sent()
  }
}
