import type { Capabilities } from '../../src/channel/capabilities.ts'
import { reply } from '../../src/delivery/reply.ts'
import type { FormField } from '../../src/domain/form.ts'
import type { Database } from '../../src/store/database.ts'
import { saveForm } from '../../src/store/form.ts'
import { createTopic } from '../../src/store/topic.ts'
import { stockedDesk } from './bot-desk.ts'
import { createAgent, unique } from './factories.ts'

/** Of deposits: a choice, what hangs on it, and what may be passed over. */
export const depositFields: readonly FormField[] = [
  {
    key: 'network',
    kind: 'choice',
    labels: { en: 'Which network?', zh: '哪个网络？' },
    required: true,
    options: [
      { value: 'ethereum', labels: { en: 'Ethereum' }, priority: 3 },
      { value: 'other', labels: { en: 'Another one', zh: '其他' } },
    ],
  },
  {
    key: 'which',
    kind: 'text',
    labels: { en: 'Which one?' },
    required: true,
    when: { field: 'network', is: ['other'] },
  },
  {
    key: 'transaction',
    kind: 'transactionId',
    labels: { en: 'Transaction id', zh: '交易哈希' },
    hint: { en: 'You find it in your wallet.' },
    required: true,
    format: 'ethereum',
  },
  { key: 'amount', kind: 'number', labels: { en: 'How much?' }, required: false },
]
export const transactionId = `0x${'ab'.repeat(32)}`

/** A form of a topic that the articles about withdrawals are about; its bot asks it. */
export async function formDesk(db: Database, fields: readonly FormField[] = depositFields) {
  const desk = await stockedDesk(db)
  const { id: topicId } = await createTopic(db.pool, unique('Deposits'))
  await saveForm(db.pool, { topicId, shown: true, position: 0, names: { en: 'Deposits', zh: '充值' }, fields })
  await db.pool.query(`update article_category set topic_id = $1 where slug = 'basics'`, [topicId])
  await db.pool.query(`update form_asking set state = 'ended' where state in ('asking', 'offered')`)
  const look = () => desk.bot.tasks.find(({ name }) => name === 'forms')!.run()
  return {
    ...desk,
    topicId,
    /** Looks after everybody who is asked. */
    look,
    /** What is said to these, with what a form asks. */
    hear: async (...texts: Parameters<typeof desk.ask>): Promise<string[]> => {
      const before = await desk.spoken()
      for (const text of texts) {
        await desk.ask(text)
        await look()
      }
      return (await desk.spoken()).slice(before.length)
    },
    answers: async () =>
      Object.fromEntries(
        (
          await desk.all(
            `select a.key, a.value from conversation_answer a join conversation c on c.id = a.conversation_id
              where c.inbox_id = $1 order by a.position`,
            desk.inboxId,
          )
        ).map(({ key, value }) => [key, value]),
      ),
    asking: async () =>
      desk.one(
        'select f.* from form_asking f join conversation c on c.id = f.conversation_id where c.inbox_id = $1',
        desk.inboxId,
      ),
    choices: async () =>
      (await desk.one('select choices from message where choices is not null order by id desc limit 1'))?.choices,
    can: (more: Partial<Capabilities>) => {
      const { capabilities } = desk.channel.adapter
      const adapter = { ...desk.channel.adapter, capabilities: () => ({ ...capabilities({}), ...more }) }
      Object.assign(desk.channel, { adapter })
    },
    byAgent: async (text: string) => {
      const id = await createAgent(db.pool, { role: 'admin' })
      const { id: conversationId } = await desk.conversation()
      return reply(desk.context, {
        conversationId,
        author: { type: 'agent', id, priority: 'person' },
        kind: 'reply',
        text,
        attachmentFileIds: [],
        clientId: crypto.randomUUID(),
      })
    },
  }
}
