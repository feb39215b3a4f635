import { createInstance } from 'i18next'
import { expect, test } from 'vitest'
import type { ChannelWords } from '../../src/wire/channel.ts'
import type { Preview } from '../../src/wire/message.ts'
import { sayPreviewProblem, sayProblem } from '../src/data/channel-words.ts'
import { formOf } from '../src/data/settings-form.ts'
import { en } from '../src/locales/en.ts'
import { zh } from '../src/locales/zh.ts'

const talking = (lng: 'en' | 'zh') => {
  const instance = createInstance()
  void instance.init({ lng, resources: { en: { translation: en }, zh: { translation: zh } }, initAsync: false })
  return instance.t
}

const words: ChannelWords = {
  name: '网站聊天',
  instructions: [],
  fields: { origins: { title: '网站', problem: '格式应为https://www.example.com。' } },
}

test('a form takes its titles from the language and keeps the schema’s where there are none', () => {
  const schema = {
    properties: {
      origins: { type: 'array', title: 'Websites', description: 'One each', items: { type: 'string' } },
      imap: { type: 'object', title: 'Incoming', properties: { host: { type: 'string', title: 'Host' } } },
    },
  }
  const fields = { 'imap.host': { title: '主机', description: '收信服务器' }, origins: { title: '网站' } }
  expect(formOf(schema, fields).main).toMatchObject([
    { label: '网站', help: 'One each' },
    { label: 'Incoming', fields: [{ label: '主机', help: '收信服务器' }] },
  ])
  expect(formOf(schema).main[0]?.label).toBe('Websites')
})

test('what is wrong with a setting is said in the language of the page', () => {
  const say = sayProblem(talking('zh'), words)
  const english = sayProblem(talking('en'), undefined)
  const long = { field: 'settings.name', message: 'must be at most 80 characters', code: 'tooLong', limit: 80 } as const
  expect([say(long), english(long)]).toEqual(['最多80个字符。', 'At most 80 characters.'])
  const origin = { field: 'settings.origins.0', message: 'must look like https://…' }
  expect([say(origin), english(origin)]).toEqual(['格式应为https://www.example.com。', 'must look like https://…'])
  const odd = { field: 'learn', message: 'Invalid input', code: 'invalid' } as const
  expect([say(odd), english(odd)]).toEqual(['这个值无法使用。', 'Invalid input'])
  expect(say({ message: 'No answer within 20 seconds.' })).toBe('No answer within 20 seconds.')
})

test('what a channel would change of a reply is said with its name, the mark and the number', () => {
  const say = (problem: Omit<Preview['problems'][number], 'message'>) =>
    sayPreviewProblem(talking('zh'), '网站聊天', { ...problem, message: 'English' })
  expect(say({ what: 'heading', support: 'partial', code: 'ownWay' })).toBe('标题在网站聊天中的样式会有所不同。')
  expect(say({ what: 'bold', support: 'dropped', code: 'plainText' })).toBe('网站聊天不支持粗体，将以纯文本发送。')
  const large = { what: 'attachments', support: 'rejected', code: 'fileTooLarge', name: 'a.zip', limit: 25 } as const
  expect(say(large)).toBe('“a.zip”过大：网站聊天的单个文件不能超过25 MB。')
})
