import type { Readable } from 'node:stream'
import { z } from 'zod'
import type { RemoteAttachment } from '../../src/channel/contract.ts'
import { ChannelError } from '../../src/channel/errors.ts'
import { fetchedFile } from '../../src/channel/fetched-file.ts'
import { rootOf, type TelegramApi } from './api.ts'

const fileShape = z.object({ file_path: z.string().min(1) })
const portraits = z.object({ photos: z.array(z.array(z.object({ file_id: z.string().min(1), width: z.number() }))) })
const sharpEnough = 160

/** The address of a file holds the bot's token: it must not reach a browser, a log or an error. */
export async function download(api: TelegramApi, attachment: RemoteAttachment, signal: AbortSignal): Promise<Readable> {
  const { fileId = await portraitOf(api, attachment, signal) } = attachment.ref as { readonly fileId?: string }
  const told = await api.ask('getFile', { file_id: fileId }, signal)
  const file = fileShape.safeParse(told)
  if (!file.success) throw new ChannelError({ kind: 'unavailable' }, 'Telegram named no place for this file.')
  const path = file.data.file_path.split('/').map(encodeURIComponent).join('/')
  const url = `${rootOf(api.settings)}file/bot${api.settings.token}/${path}`
  return fetchedFile('Telegram', api.env.fetch(url, { signal, redirect: 'error' }))
}

async function portraitOf(api: TelegramApi, { ref }: RemoteAttachment, signal: AbortSignal): Promise<string> {
  const wish = { user_id: (ref as { readonly person: number }).person, limit: 1 }
  const told = portraits.safeParse(await api.ask('getUserProfilePhotos', wish, signal)).data
  const sizes = [...(told?.photos[0] ?? [])].sort((a, b) => a.width - b.width)
  const found = sizes.find(({ width }) => width >= sharpEnough) ?? sizes.at(-1)
  if (found) return found.file_id
  throw new ChannelError({ kind: 'rejected', reason: 'other' }, 'Telegram shows us no picture of this person.')
}
