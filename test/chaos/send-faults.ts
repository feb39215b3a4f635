import { discordFaults, spoil } from '../support/stand-ins/discord/faults.ts'
import * as telegram from '../support/stand-ins/telegram/faults.ts'
import type { Spoiled } from '../support/stand-ins/whims.ts'
import { xFaults } from '../support/stand-ins/x/faults.ts'

/** One way to spoil the sending of one message, and what the platform means by it. */
export interface SendFault extends Spoiled {
  readonly name: string
  readonly means: 'rateLimited' | 'unavailable' | 'rejected' | 'uncertain'
  /** The platform asked for patience: no try before, ms. */
  readonly waitMs?: number
  /** Lasts as long as a send may take. */
  readonly slow?: true
}

const patience = { waitMs: 1_000, means: 'rateLimited' } as const
const tooMany = { retry_after: 1 }

const ofTelegram: readonly SendFault[] = [
  { ...telegram.refuse(429, 'Too Many Requests: retry after 1', tooMany), ...patience },
  { ...telegram.refuse(409, 'Conflict: terminated by other getUpdates request'), means: 'unavailable' },
  { ...telegram.refuse(403, 'Forbidden: bot was blocked by the user'), means: 'rejected' },
  { ...telegram.refuse(400, 'Bad Request: message is too long'), means: 'rejected' },
  { ...telegram.refuse(500, 'Internal Server Error'), means: 'uncertain' },
  ...[
    telegram.html(502, false),
    telegram.html(502, true),
    telegram.dropped(false),
    telegram.dropped(true),
    telegram.garbage,
    telegram.wrongShape,
    telegram.cut,
  ].map((fault) => ({ ...fault, means: 'uncertain' as const })),
  ...[telegram.silent(false), telegram.silent(true), telegram.drip].map((fault) => ({
    ...fault,
    means: 'uncertain' as const,
    slow: true as const,
  })),
]

type DiscordFault = Omit<(typeof discordFaults)[keyof typeof discordFaults], 'means'> & { readonly means: string }

const onDiscord = (fault: DiscordFault, means: SendFault['means'], more: Partial<SendFault> = {}): SendFault => ({
  name: fault.name,
  effect: fault.effect,
  means,
  answer: (response) => spoil(fault, response),
  ...more,
})

const d = discordFaults
/** Without what stops an inbox (401), holds up all of it for long (the edge) or is remembered by the library (global). */
const ofDiscord: readonly SendFault[] = [
  ...[d.limitedUser, d.limitedEdge].map((fault) => onDiscord(fault, 'rateLimited', { waitMs: 450 })),
  onDiscord(d.slowmode, 'rateLimited', { waitMs: 2_000 }),
  onDiscord(d.redirect, 'unavailable'),
  ...[d.blocked, d.permissions, d.tooLong, d.badForm, d.tooLarge].map((fault) => onDiscord(fault, 'rejected')),
  ...[d.html502, d.html502After, d.error500, d.error503After, d.garbage, d.wrongShape].map((fault) =>
    onDiscord(fault, 'uncertain'),
  ),
  ...[d.reset, d.lostAnswer, d.truncated].map((fault) => onDiscord(fault, 'uncertain')),
  ...[d.drip, d.silence, d.silenceAfter].map((fault) => onDiscord(fault, 'uncertain', { slow: true })),
]

const x = xFaults
const limitedX: SendFault = {
  name: '429 with its reset',
  effect: false,
  ...patience,
  answer: (response) => {
    const reset = String(Math.ceil(Date.now() / 1_000) + 1)
    const headers = { 'content-type': 'application/json', 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': reset }
    response.writeHead(429, headers).end('{"title":"Too Many Requests","status":429}')
  },
}
const ofX: readonly SendFault[] = [
  limitedX,
  ...[x.blocked, x.duplicate, x.gone, x.badRequest, x.nullErrors].map((fault) => ({
    ...fault,
    means: 'rejected' as const,
  })),
  ...[x.error500, x.error500After, x.error503, x.html502, x.html502After, x.redirect].map((fault) => ({
    ...fault,
    means: 'uncertain' as const,
  })),
  ...[x.lostAnswer, x.reset, x.wrongType, x.wrongShape, x.empty, x.truncated].map((fault) => ({
    ...fault,
    means: 'uncertain' as const,
  })),
  ...[x.drip, x.silence, x.silenceAfter].map((fault) => ({
    ...fault,
    means: 'uncertain' as const,
    slow: true as const,
  })),
]

/** By the channel's name. */
export const sendFaults: Readonly<Record<string, readonly SendFault[]>> = {
  telegram: ofTelegram,
  discord: ofDiscord,
  x: ofX,
}
