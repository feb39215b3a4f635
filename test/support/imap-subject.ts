import { messageIdFor } from '../../channels/email/address.ts'
import { channelEnv } from './channel-env.ts'
import type { ChannelSubject, StandIn } from './channel-subject.ts'
import { mailThread } from './email-sending.ts'
import { customer, nonsense, plainMail, plainPart, sendFaultsOf } from './email-words.ts'
import { type ImapProxy, imapProxy } from './imap-proxy.ts'
import { quickMail } from './mail-ground.ts'
import type { MailServers } from './mail-servers.ts'
import { type SmtpStandIn, startSmtpStandIn } from './smtp-stand-in.ts'

export interface ImapSubject extends ChannelSubject {
  readonly wire: ImapProxy
}

interface Site {
  readonly servers: MailServers
  readonly account: string
  readonly platform: SmtpStandIn
  readonly wire: ImapProxy
}

/** The email channel that reads a mailbox of a real Dovecot, and sends through a provider that files what it took. */
export async function openImapSubject(servers: MailServers): Promise<ImapSubject> {
  const account = servers.account()
  const [platform, wire] = await Promise.all([startSmtpStandIn(), imapProxy(servers.imapPort)])
  platform.onTaken(({ raw }) => servers.put(`${account}/.Sent`, [raw]))
  const server = { host: '127.0.0.1', security: 'none' }
  const imap = { ...server, port: wire.port, user: account, password: 'secret', sent: 'Sent' }
  const smtp = { ...server, port: platform.port, user: 'support', password: platform.password }
  const settings = { address: ownOf(account), name: 'Northstar', imap, smtp }
  return {
    adapter: quickMail,
    settings,
    wire,
    secrets: [platform.password],
    badSettings: [
      { settings: { ...settings, imap: undefined }, field: 'imap' },
      { settings: { ...settings, imap: { ...imap, port: 70_000 } }, field: 'imap.port' },
      { settings: { ...settings, imap: { ...imap, password: undefined } }, field: 'imap.password' },
      { settings: { ...settings, imap: { ...imap, host: 'two words' } }, field: 'imap.host' },
    ],
    thread: { ...mailThread, place: ownOf(account) },
    standIn: standInOf({ servers, account, platform, wire }),
    sendFaults: sendFaultsOf(platform),
    close: async () => {
      await wire.close()
      await platform.close()
    },
  }
}

const ownOf = (account: string) => `${account}@desk.test`

function standInOf({ servers, account, platform, wire }: Site): StandIn {
  const rest = [...nonsense]
  let spoken = 0
  const put = (raw: string | Buffer) => servers.put(account, [raw])
  const say = (from: string, text: string, messageId = `<${++spoken}.${Date.now()}@example.test>`) =>
    put(plainMail({ from, to: ownOf(account), text, messageId }))
  return {
    say: (text) => say(customer, text),
    acknowledged: wire.passed,
    sayNonsense: () => {
      const raw = rest.shift()
      if (raw !== undefined) put(raw)
      return raw !== undefined
    },
    // A copy of a letter of ours comes back to us; the id says which.
    speakAsUs: (text) => say(ownOf(account), text, messageIdFor(channelEnv(), '77', 'desk.test')),
    held: () => platform.held.map(({ raw }) => plainPart(raw)),
    refuseCredentials: () => {
      platform.password = 'another one'
    },
  }
}
