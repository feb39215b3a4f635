import { expect, test } from 'vitest'
import type { ChannelForm } from '../../src/channel/form.ts'
import { eventually } from '../support/eventually.ts'
import { discordStage } from '../support/stand-ins/discord/stage.ts'

const long = 'a label that is far longer than Discord allows for a label'
const deposits: ChannelForm = {
  topicId: '7',
  topic: 'Deposits',
  names: { en: 'A deposit is missing', zh: '充值未到账' },
  fields: [
    {
      key: 'network',
      kind: 'choice',
      labels: { en: 'Which network?', zh: '哪个网络？' },
      required: true,
      options: ['Ethereum', 'Bitcoin', long, long].map((name) => ({ value: name.toLowerCase(), labels: { en: name } })),
    },
    { key: 'which', kind: 'text', labels: { en: 'Which?' }, required: true, when: { field: 'network', is: ['x'] } },
    { key: 'transaction', kind: 'transactionId', labels: { en: long }, hint: { en: long + long }, required: true },
    ...['three', 'four', 'five'].map((key) => ({ key, kind: 'text', labels: { en: key }, required: false })),
  ],
}
const account: ChannelForm = { topicId: '8', topic: 'Account', names: {}, fields: [] }

async function atButton(forms: readonly ChannelForm[]) {
  const stage = await discordStage(
    (platform) => ({ supportChannels: [{ id: platform.channel('support').id, open: 'button' }] }),
    forms,
  )
  const door = [...stage.platform.state.channels.values()][0]!
  const run = stage.start()
  await eventually(() => stage.sink.cursor !== null)
  const ada = stage.platform.person('Ada')
  const press = (data: object, locale = 'en-US') =>
    stage.platform.interact(door, ada, { type: 3, data: { component_type: 3, ...data }, locale })
  const contact = () => press({ component_type: 2, custom_id: 'tributary:contact' })
  return { ...stage, door, run, ada, press, contact }
}
type Line = { components: { custom_id: string; label: string; placeholder?: string; required: boolean }[] }
const linesOf = (answer: unknown) =>
  (answer as { data: { components: Line[] } }).data.components.map(({ components: [one] }) => one!)

test('several forms are chosen from first; the chosen one asks what fits, in the language of whoever asks', async () => {
  const { contact, press, run, platform } = await atButton([deposits, account])
  const pressed = contact()
  await eventually(() => expect(pressed.answers).toMatchObject([{ type: 4, data: { flags: 64 } }]))
  const [menu] = linesOf(pressed.answers[0]) as unknown as { options: { value: string; label: string }[] }[]
  expect(menu?.options.map(({ value }) => value)).toEqual(['7', '8', 'other'])
  const chosen = press({ custom_id: 'tributary:topic', values: ['7'] }, 'zh-CN')
  await eventually(() => expect(chosen.answers).toMatchObject([{ type: 9, data: { title: '充值未到账' } }]))
  const lines = linesOf(chosen.answers[0])
  expect(lines.map(({ custom_id: id }) => id)).toEqual([
    'text',
    'field:network',
    'field:transaction',
    'field:three',
    'field:four',
  ])
  expect(lines[1]).toMatchObject({ label: '哪个网络？', placeholder: expect.stringMatching(/^Ethereum \/ Bitcoin/) })
  expect(lines.every(({ label, placeholder = '' }) => label.length <= 45 && placeholder.length <= 100)).toBe(true)
  const other = press({ custom_id: 'tributary:topic', values: ['other'] })
  await eventually(() => expect(other.answers).toMatchObject([{ type: 9, data: { custom_id: 'tributary:form' } }]))
  expect(platform.state.calls.filter(({ status = 200 }) => status >= 400)).toEqual([])
  await run.stop()
})

test('a single form is asked at once and requires nothing of who has another matter', async () => {
  const { contact, run } = await atButton([deposits])
  const pressed = contact()
  await eventually(() => expect(pressed.answers).toMatchObject([{ type: 9 }]))
  expect(linesOf(pressed.answers[0]).map(({ required }) => required)).toEqual([true, false, false, false, false])
  await run.stop()
})

test('what was filled in stands in the thread, and comes as one message with its answers, also after a restart', async () => {
  const { platform, door, ada, run, start, sink } = await atButton([deposits, account])
  sink.refuse(new Error('the database is away'))
  const value = (custom_id: string, said: string) => ({ type: 1, components: [{ type: 4, custom_id, value: said }] })
  const data = {
    custom_id: 'tributary:form:7',
    components: [
      value('text', 'It has been two days.'),
      value('field:network', 'Ethereum'),
      value('field:transaction', '0xabc'),
      value('field:three', ''),
    ],
  }
  platform.interact(door, ada, { type: 5, data, locale: 'zh-CN' })
  await expect(run.ended).rejects.toThrow('the database is away')
  const again = start(sink.cursor)
  await eventually(() => expect(sink.events).toHaveLength(1))
  expect(sink.events[0]).toMatchObject({
    kind: 'message',
    subject: '充值未到账',
    text: `It has been two days.\n\n哪个网络？: Ethereum\n${long}: 0xabc`,
    sender: { key: ada.id, language: 'zh-CN' },
    form: { topicId: '7', partial: true, language: 'zh-CN', answers: { network: 'Ethereum', transaction: '0xabc' } },
  })
  const threads = [...platform.state.channels.values()].filter(({ type }) => type === 12)
  expect(threads.map(({ name }) => name)).toEqual(['充值未到账'])
  await again.stop()
})
