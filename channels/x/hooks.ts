import { within } from '../../src/channel/deadline.ts'
import { ChannelError } from '../../src/channel/errors.ts'
import type { XCall } from './client.ts'
import { unreadable } from './errors.ts'
import type { Run } from './receive.ts'
import { subscriptions, webhookMade, webhooks } from './wire.ts'

const ofMessages = ['dm.received', 'dm.sent', 'dm.read', 'dm.indicate_typing', 'chat.received']
const ofPosts = ['post.mention.create', 'post.reply.create', 'post.create']

/** Keeps X calling us: registers the address, revives it where X gave it up, and asks for what was missed meanwhile. */
export async function keepWebhook(run: Run, everyMs: number, tell: (calls: boolean) => void): Promise<void> {
  for (;;) {
    try {
      const id = await alive(run)
      await subscribe(run, id)
      await run.commit({ events: [] }, { hook: run.x.env.clock().toISOString() })
      run.warn('hook', null)
      tell(true)
    } catch (error) {
      if (!(error instanceof ChannelError) || error.failure.kind === 'auth') throw error
      tell(false)
      run.warn('hook', `X does not call us, so it is asked instead. ${error.message}`)
    }
    await run.wait(everyMs)
  }
}

/** The webhook's id. */
async function alive(run: Run): Promise<string> {
  const { publicUrl, inboxId } = run.x.env
  const url = `${publicUrl}/hooks/${inboxId}`
  const { protocol, port } = new URL(url)
  if (protocol !== 'https:' || port !== '' || url.length > 200) {
    const sentence =
      'X calls only public HTTPS addresses without a port, up to 200 characters long. Set PUBLIC_URL to one.'
    throw new ChannelError({ kind: 'rejected', reason: 'unsupported' }, sentence)
  }
  const known = webhooks.safeParse(await ask(run, 'GET', 'webhooks')).data?.data.find((one) => one.url === url)
  if (known?.valid) return known.id
  if (known) {
    await ask(run, 'PUT', `webhooks/${known.id}`)
    await replay(run, known.id)
    return known.id
  }
  const made = webhookMade.safeParse(await ask(run, 'POST', 'webhooks', { url })).data
  if (!made) throw unreadable('read')
  return made.data.id
}

const dayMs = 24 * 60 * 60_000

/** What X could not deliver since it was last seen to: replies nobody is mentioned in come no other way. */
async function replay(run: Run, webhook_id: string): Promise<void> {
  const now = run.x.env.clock().getTime()
  const since = run.position().hook
  const from = Math.max(since ? Date.parse(since) : 0, now - dayMs)
  const minute = (ms: number) => new Date(ms).toISOString().replace(/\D/g, '').slice(0, 12)
  const body = { webhook_id, from_date: minute(from), to_date: minute(now) }
  await ask(run, 'POST', 'webhooks/replay', body).catch((error: unknown) => {
    run.x.env.log.warn({ event: 'x.replay', inbox: run.x.env.inboxId, failure: (error as ChannelError).failure })
  })
}

async function subscribe(run: Run, webhook_id: string): Promise<void> {
  const { settings } = run.x
  const wanted = [...(settings.directMessages ? ofMessages : []), ...(settings.mentions ? ofPosts : [])]
  const held = subscriptions.safeParse(await ask(run, 'GET', 'activity/subscriptions')).data?.data ?? []
  const has = (type: string) =>
    held.some((one) => one.event_type === type && one.webhook_id === webhook_id && one.filter.user_id === run.me.id)
  for (const event_type of wanted.filter((type) => !has(type))) {
    const body = { event_type, webhook_id, filter: { user_id: run.me.id } }
    await ask(run, 'POST', 'activity/subscriptions', body, 'consented')
  }
}

async function ask(run: Run, method: XCall['method'], path: string, body?: XCall['body'], as: XCall['as'] = 'app') {
  const told = await within(30_000, run.signal, (signal) =>
    run.x.call({ method, path, as, purpose: 'read', signal, ...(body && { body }) }),
  )
  return told.data
}
