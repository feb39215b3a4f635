import type { ChannelConnection, ChannelEnv } from '../../src/channel/contract.ts'
import type { AccessTokens } from '../../src/channel/held-token.ts'
import { domainOf, messageIdFor } from './address.ts'
import { compose } from './compose.ts'
import { accessTokens } from './oauth.ts'
import { checkSmtp, type Outgoing, sendMail } from './send.ts'
import { fileOnce, isFiled, type SentFolder } from './sent-folder.ts'
import type { EmailSettings } from './settings.ts'

export interface MailSender extends Pick<ChannelConnection, 'send' | 'confirm' | 'afterSent'> {
  /** Signs in at the SMTP server; throws ChannelError. */
  check(signal: AbortSignal): Promise<void>
  /** Cuts what is under way. */
  close(): void
}

/** `confirm` and `afterSent` exist exactly where a folder of sent mail is named. */
export function createSender(
  settings: EmailSettings,
  env: ChannelEnv,
  tokens: AccessTokens = accessTokens(settings, env),
): MailSender {
  const out: Outgoing = { settings, env, account: { smtp: settings.smtp, tokens, open: new Set() } }
  const { imap } = settings
  return {
    check: (signal) => checkSmtp(out.account, signal),
    send: (request, signal) => sendMail(out, request, signal),
    close: () => {
      for (const connection of out.account.open) connection.close()
    },
    ...(imap?.sent !== undefined && filing(out, { imap, name: imap.sent, tokens })),
  }
}

function filing(out: Outgoing, folder: SentFolder): Required<Pick<ChannelConnection, 'confirm' | 'afterSent'>> {
  const { settings, env } = out
  return {
    async confirm({ deliveryId }, signal) {
      const externalId = messageIdFor(env, deliveryId, domainOf(settings.address))
      return (await isFiled(folder, externalId, signal)) ? { externalId } : null
    },
    // Providers that file by themselves have it already.
    afterSent: (request, { externalId }) =>
      fileOnce(folder, externalId, async () => (await compose(request, out, { keepBcc: true })).bytes),
  }
}
