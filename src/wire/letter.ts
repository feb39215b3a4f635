import { z } from 'zod'
import { id } from './primitive.ts'

export const letterAddress = z.object({ name: z.string(), address: z.string() })
export type LetterAddress = z.infer<typeof letterAddress>

const verdict = z.enum(['pass', 'fail', 'softfail', 'neutral', 'none', 'temperror', 'permerror'])

/** The envelope of a message where letters (mail) are exchanged. */
export const letter = z.object({
  /** Of ours: the name of who wrote it, without an address. */
  from: letterAddress,
  to: z.array(letterAddress),
  cc: z.array(letterAddress),
  /** Of ours only. */
  bcc: z.array(letterAddress).optional(),
  /** As the sender's clock had it: any text. */
  date: z.string().optional(),
  /** What our own mail server found out about the sender. */
  authentication: z.object({ spf: verdict.optional(), dkim: verdict.optional(), dmarc: verdict.optional() }).optional(),
  protection: z.enum(['smimeSigned', 'smimeEncrypted', 'pgpSigned', 'pgpEncrypted']).optional(),
})
export type Letter = z.infer<typeof letter>

/** How a message found its conversation. */
export const joinedBy = z.enum(['token', 'delivery', 'reference', 'subject'])
export type JoinedBy = z.infer<typeof joinedBy>

// One line of a header: whatever could begin another one, or end the address, is refused before anything is stored.
const addressPattern = /^[^\s@<>(),;:"\\[\]\p{C}]{1,64}@[^\s@<>(),;:"\\[\]\p{C}]{1,253}$/u

export const recipient = z.strictObject({
  name: z
    .string()
    .max(200)
    .regex(/^\P{C}*$/u, { error: 'must be one line' })
    .optional(),
  address: z.string().max(254).regex(addressPattern, { error: 'must be an email address' }),
})
export type Recipient = z.infer<typeof recipient>
export const recipients = z.array(recipient).max(50)

/** GET /conversations/:id/letter: what an answer would have if nothing is changed. */
export const letterDefaults = z.object({
  to: z.array(letterAddress),
  cc: z.array(letterAddress),
  bcc: z.array(letterAddress),
  subject: z.string(),
})
export type LetterDefaults = z.infer<typeof letterDefaults>

/** All of a message's words, where `text` leaves out what it quotes. */
export const fullText = z.object({ text: z.string() })
export type FullText = z.infer<typeof fullText>

export const letterQuery = z.strictObject({ replyTo: id.optional() })
export const pageQuery = z.strictObject({ pictures: z.enum(['0', '1']).optional() })
/** PUT /messages/:id/pictures: of whoever sent this letter. */
export const senderPictures = z.strictObject({ always: z.boolean() })
export type SenderPictures = z.infer<typeof senderPictures>
export const pictureQuery = z.strictObject({
  address: z.string().min(1).max(8_000),
  expires: z.string().max(12),
  signature: z.string().max(100),
})
