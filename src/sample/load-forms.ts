import type { Queryable } from '../store/database.ts'
import { saveForm } from '../store/form.ts'
import { nameContactInbox } from '../store/help-setting.ts'
import type { Desk } from './desk-files.ts'
import { idOf, type Names } from './names.ts'

/** The forms of topics, and a contact page that writes to the website chat: it needs no server of anybody's. */
export async function loadForms(
  tx: Queryable,
  { forms, inboxes: written }: Desk,
  names: Names,
  inboxes: ReadonlyMap<string, string>,
): Promise<void> {
  for (const { topic, ...form } of forms) {
    await saveForm(tx, { ...form, shown: true, topicId: idOf(names.topics, topic) })
  }
  const chat = written.find((inbox) => inbox.contactForm === true)
  const inboxId = chat && inboxes.get(chat.name)
  if (inboxId !== undefined) await nameContactInbox(tx, inboxId)
}
