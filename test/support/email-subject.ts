import { messageIdFor } from '../../channels/email/address.ts'
import { emailChannel } from '../../channels/email/index.ts'
import type { ChannelAdapter } from '../../src/channel/contract.ts'
import { freePort } from './app-process.ts'
import { channelEnv } from './channel-env.ts'
import type { ChannelSubject, StandIn } from './channel-subject.ts'
import { mailThread } from './email-sending.ts'
import { customer, nonsense, ours, plainMail, plainPart, sendFaultsOf } from './email-words.ts'
import { type MailRelay, mailRelay } from './mail-relay.ts'
import { type SmtpStandIn, startSmtpStandIn } from './smtp-stand-in.ts'

/** The email channel that receives directly, between two servers written for tests. */
export async function openEmail(): Promise<ChannelSubject> {
  const [platform, port] = await Promise.all([startSmtpStandIn(), freePort()])
  const relay = mailRelay(port)
  const settings = {
    address: ours,
    name: 'Northstar',
    receive: 'smtp',
    listen: { host: '127.0.0.1', port },
    smtp: { host: '127.0.0.1', port: platform.port, security: 'none', user: 'support', password: platform.password },
  }
  return {
    adapter: emailChannel as ChannelAdapter,
    settings,
    secrets: [platform.password],
    badSettings: [
      { settings: null, field: '' },
      { settings: { ...settings, address: 'support' }, field: 'address' },
      { settings: { ...settings, listen: undefined }, field: 'listen' },
      { settings: { ...settings, smtp: { ...settings.smtp, port: 70_000 } }, field: 'smtp.port' },
      { settings: { ...settings, smtp: { ...settings.smtp, password: undefined } }, field: 'smtp.password' },
      { settings: { ...settings, surprise: true }, field: 'surprise' },
    ],
    thread: { ...mailThread, place: ours },
    standIn: standInOf(platform, relay),
    sendFaults: sendFaultsOf(platform),
    close: async () => {
      relay.close()
      await platform.close()
    },
  }
}

function standInOf(platform: SmtpStandIn, relay: MailRelay): StandIn {
  const rest = [...nonsense]
  let spoken = 0
  const say = (from: string, text: string, messageId = `<${++spoken}.${Date.now()}@example.test>`) =>
    relay.queue({ from, to: ours, raw: plainMail({ from, text, messageId }) })
  return {
    say: (text) => say(customer, text),
    deliversOnce: true,
    acknowledged: () => relay.taken,
    sayNonsense: () => {
      const raw = rest.shift()
      if (raw !== undefined) relay.queue({ from: customer, to: ours, raw })
      return raw !== undefined
    },
    // A copy of a letter of ours comes back to us; the id says which.
    speakAsUs: (text) => say(ours, text, messageIdFor(channelEnv(), '77', 'desk.test')),
    held: () => platform.held.map(({ raw }) => plainPart(raw)),
    refuseCredentials: () => {
      platform.password = 'another one'
    },
    dropIdle: () => relay.dropIdle(),
  }
}
