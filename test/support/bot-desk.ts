import type { EndpointSettings } from '../../src/bot/endpoint.ts'
import { botWork } from '../../src/bot/work.ts'
import type { InboundEvent } from '../../src/channel/contract.ts'
import { recordInbound } from '../../src/ingest/record-inbound.ts'
import { answerAsked } from '../../src/routing/answer-asked.ts'
import { route, routeRequest } from '../../src/routing/route.ts'
import { parseOutboundAllow } from '../../src/security/outbound-address.ts'
import { type Database, transaction } from '../../src/store/database.ts'
import { claimJobs, finishJob, type Job, takeJobs } from '../../src/store/job.ts'
import { batchOf, said } from './events.ts'
import { createInbox, createTeam, unique } from './factories.ts'
import { scriptedChannel, silent } from './scripted-channel.ts'

export type BotDesk = Awaited<ReturnType<typeof botDesk>>
type Said = Parameters<typeof said>[1]

interface Text {
  readonly title: string
  readonly summary?: string
  readonly body?: string
  readonly phrasings?: readonly string[]
}

/** An inbox whose bot answers, a team behind it, and whoever does the jobs. The people's clock goes only by hand. */
export async function botDesk(db: Database, endpoint?: EndpointSettings) {
  await db.pool.query('delete from job')
  await db.pool.query('delete from article_text')
  await db.pool.query('delete from article')
  await db.pool.query(`update bot_turn set outcome = 'dropped' where outcome = 'asked'`)
  const teamId = await createTeam(db.pool)
  const inboxId = await createInbox(db.pool, { teamId })
  await db.pool.query('update inbox set bot = true where id = $1', [inboxId])
  const channel = scriptedChannel()
  const chat = unique('chat')
  let now = new Date()
  const all = async (sql: string, ...values: unknown[]) => (await db.pool.query(sql, values)).rows
  const one = async (sql: string, ...values: unknown[]) => (await all(sql, ...values))[0]
  const context = {
    db,
    connections: channel.connections,
    clock: () => now,
    log: silent,
    publicUrl: 'https://help.example',
    outboundAllow: parseOutboundAllow(['127.0.0.1']),
    ...(endpoint && { endpoint }),
  }
  const bot = botWork(context)
  const kinds = {
    ...bot.jobs,
    'answer-asked': { run: (job: Job) => answerAsked(context, job.payload as Parameters<typeof answerAsked>[1]) },
  }
  const routeAll = () =>
    transaction(db, async (tx) => {
      const jobs = await takeJobs(tx, { kind: 'route', limit: 50 })
      const requests = jobs.flatMap((job) => routeRequest(job.payload) ?? [])
      if (requests.length > 0) await route(tx, requests, { now })
    })
  const claim = () => claimJobs(db.pool, { kinds: Object.keys(kinds), limit: 10, leaseMs: 30_000 })
  const run = async (job: Job) => {
    await kinds[job.kind as keyof typeof kinds].run(job, new AbortController().signal)
    await finishJob(db.pool, job)
  }
  /** Every job there is, as the workers would do it. */
  const work = async (): Promise<void> => {
    for (let jobs: Job[] = []; ; ) {
      await routeAll()
      jobs = await claim()
      if (jobs.length === 0) return
      for (const job of jobs) await run(job)
    }
  }
  const receive = async (...events: InboundEvent[]): Promise<void> => {
    await recordInbound(db, { inboxId, batch: batchOf(...events), now })
  }
  const spoken = async (): Promise<string[]> => {
    const rows = await all(
      `select m.text from message m join conversation c on c.id = m.conversation_id
        where c.inbox_id = $1 and m.direction = 'out' and m.sender_type <> 'agent' order by m.id`,
      inboxId,
    )
    return rows.map(({ text }) => text)
  }
  const article = async (slug: string, texts: Readonly<Record<string, Text>>): Promise<string> => {
    const { id: categoryId } = await one(
      `insert into article_category (slug) values ('basics') on conflict (slug) do update set position = 0 returning id`,
    )
    const { id } = await one('insert into article (slug, category_id) values ($1, $2) returning id', slug, categoryId)
    for (const [locale, { title, summary = '', body = '', phrasings = [] }] of Object.entries(texts)) {
      const version = await one(
        `insert into article_version (article_id, locale, number, title, summary, body, minor, published_by)
          values ($1, $2, 1, $3, $4, $5, false, 'agent:1') returning id`,
        ...[id, locale, title, summary, body],
      )
      await all(
        `insert into article_text (article_id, locale, title, summary, body, published_version, updated_by)
          values ($1, $2, $3, $4, $5, $6, 'agent:1')`,
        ...[id, locale, title, summary, body, version.id],
      )
      await all(
        `insert into article_phrasing (article_id, locale, position, text)
          select $1, $2, n, t from unnest($3::text[]) with ordinality p (t, n)`,
        ...[id, locale, phrasings],
      )
    }
    return id
  }
  return {
    ...{ inboxId, teamId, channel, chat, context, bot, all, one, receive, routeAll, claim, run, work, spoken, article },
    now: () => now,
    pass: (ms: number) => {
      now = new Date(now.getTime() + ms)
    },
    say: (text: string, wish: Said = {}) => said(text, { chat, occurredAt: now, ...wish }),
    /** What is said automatically to these, one after the other. */
    ask: async (...texts: (string | InboundEvent)[]): Promise<string[]> => {
      const before = await spoken()
      for (const text of texts) {
        await receive(typeof text === 'string' ? said(text, { chat, occurredAt: now }) : text)
        await work()
      }
      return (await spoken()).slice(before.length)
    },
    /** The newest of this inbox. */
    conversation: async () => one('select * from conversation where inbox_id = $1 order by id desc limit 1', inboxId),
    /** Of its conversations, oldest first. */
    turns: () =>
      all(
        `select b.* from bot_turn b join message m on m.id = b.message_id join conversation c on c.id = m.conversation_id
          where c.inbox_id = $1 order by b.message_id`,
        inboxId,
      ),
  }
}

/** Six articles that are near each other, as help centres have them. */
export async function stockedDesk(db: Database, endpoint?: EndpointSettings) {
  const desk = await botDesk(db, endpoint)
  const withdraw = await desk.article('withdraw', {
    en: {
      title: 'Withdraw coins',
      summary: 'Open Wallet, choose Withdraw, enter the address and confirm by mail.',
      body: '# How\n\nOpen **Wallet**.\n\nA withdrawal takes ten minutes.',
      phrasings: ['how do I withdraw bitcoin', 'send coins to another wallet', 'where can I withdraw my money'],
    },
    zh: {
      title: '如何提币',
      summary: '打开钱包，选择提币，填写地址并通过邮件确认。',
      phrasings: ['怎么提币', '提现到其他钱包', '我要把比特币提出来'],
    },
  })
  const fees = await desk.article('fees', {
    en: {
      title: 'Withdrawal fees',
      summary: 'Each network has its own fee; you see it before you confirm.',
      phrasings: ['how much is the withdrawal fee', 'what does a withdrawal cost', 'why are fees so high'],
    },
    zh: { title: '提币手续费', summary: '每个网络有自己的手续费。', phrasings: ['提币手续费是多少', '提现要收多少钱'] },
  })
  const limits = await desk.article('limits', {
    en: {
      title: 'Withdrawal limits',
      summary: 'Unverified accounts withdraw up to 1,000 USDT a day.',
      phrasings: ['what is my daily withdrawal limit', 'how can I raise my withdrawal limit'],
    },
  })
  const password = await desk.article('password', {
    en: {
      title: 'Reset your password',
      summary: 'Choose “Forgot password” on the sign-in page.',
      phrasings: ['I forgot my password', 'how do I reset my password', 'cannot sign in with my password'],
    },
    zh: { title: '重置密码', summary: '在登录页选择“忘记密码”。', phrasings: ['我忘记密码了', '怎么重置密码'] },
  })
  return { ...desk, articles: { withdraw, fees, limits, password } }
}
