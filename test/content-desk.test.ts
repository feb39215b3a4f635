import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { readDesk } from '../src/sample/desk-files.ts'
import { topicFormBody } from '../src/wire/form.ts'

const root = path.join(import.meta.dirname, '..', 'content', 'northstar')
// A channel's folder is called like its id.
const channelIds = readdirSync(path.join(root, '..', '..', 'channels'))
  .filter((name) => !name.includes('.'))
  .sort()
const languages = ['en', 'ja', 'ko', 'ru', 'zh']
const desk = await readDesk(root)
const { topics, teams, agents, shifts, rules, macros, conversations, inboxes, promises } = desk

const keysOf = (rows: readonly { readonly key: string }[]) => rows.map((row) => row.key)
const unknown = (used: readonly (string | null | undefined)[], known: readonly string[]) =>
  used.filter((name) => name !== null && name !== undefined && !known.includes(name))

it('has a topic for every category of articles, and no topic without', () => {
  const folders = readdirSync(path.join(root, 'articles', 'en')).sort()
  expect(topics.flatMap((topic) => topic.categories).sort()).toEqual(folders)
})

it('has forms for topics there are, in every language it speaks', () => {
  for (const { topic: _topic, ...form } of desk.forms) topicFormBody.parse({ ...form, shown: true })
  expect(
    unknown(
      desk.forms.map(({ topic }) => topic),
      keysOf(topics),
    ),
  ).toEqual([])
  const texts = desk.forms.flatMap(({ names, fields }) => [
    names,
    ...fields.flatMap(({ labels, hint }) => (hint ? [labels, hint] : [labels])),
  ])
  for (const text of texts) expect(Object.keys(text).sort(), text['en']).toEqual(languages)
})

it('names in teams and agents only what exists', () => {
  expect(
    unknown(
      teams.flatMap((team) => team.topics),
      keysOf(topics),
    ),
  ).toEqual([])
  expect(
    unknown(
      teams.flatMap((team) => team.members),
      keysOf(agents),
    ),
  ).toEqual([])
  expect(
    unknown(
      teams.map((team) => team.overflow),
      keysOf(teams),
    ),
  ).toEqual([])
  expect(
    unknown(
      agents.flatMap((agent) => Object.keys(agent.topics)),
      keysOf(topics),
    ),
  ).toEqual([])
  expect(
    unknown(
      agents.map((agent) => agent.shift),
      keysOf(shifts),
    ),
  ).toEqual([])
  expect(keysOf(agents).filter((name) => !teams.some((team) => team.members.includes(name)))).toEqual([])
})

it('has for every language a team promises a member who can answer in it', () => {
  const unspoken = teams.flatMap((team) =>
    team.languages
      .filter((tongue) => !team.members.some((m) => (agents.find((a) => a.key === m)?.languages[tongue] ?? 0) >= 2))
      .map((tongue) => `${team.key}: ${tongue}`),
  )
  expect(unspoken).toEqual([])
})

it('says everything for customers and agents in all five languages', () => {
  const words = [
    ...topics.map(({ name }) => name),
    ...teams.flatMap(({ customerSees }) => (customerSees === null ? [] : [customerSees])),
    ...macros.map(({ text }) => text),
  ]
  expect(words.filter((one) => Object.keys(one).sort().join() !== languages.join())).toEqual([])
  expect(conversations.filter(({ contact }) => !languages.includes(contact.language))).toEqual([])
})

it('has one inbox for each channel, and only that one is on which needs no credentials', () => {
  expect(inboxes.map(({ channel }) => channel).sort()).toEqual(channelIds)
  expect(inboxes.filter(({ enabled }) => enabled).map(({ channel }) => channel)).toEqual(['widget'])
  expect(
    unknown(
      inboxes.map((inbox) => inbox.promise),
      keysOf(promises.promises),
    ),
  ).toEqual([])
  // Whatever an inbox of the sample is told to reach must not exist.
  const hosts = JSON.stringify(inboxes).match(/(?:https?|wss?):\/\/[^"/]+|"host":"[^"]+/g) ?? []
  expect(hosts.filter((host) => !host.endsWith('.northstar.example'))).toEqual([])
})

it('names in rules and macros only teams, topics and macros that exist', () => {
  const actions = [...rules.flatMap((rule) => rule.do), ...macros.flatMap((macro) => macro.actions)]
  const named = (field: string) => actions.flatMap((step) => (typeof step[field] === 'string' ? [step[field]] : []))
  expect(rules.length).toBeGreaterThanOrEqual(12)
  expect(unknown(named('team'), keysOf(teams))).toEqual([])
  expect(unknown(named('topic'), keysOf(topics))).toEqual([])
  expect(unknown(named('macro'), keysOf(macros))).toEqual([])
})

it('uses the same known variables in all five languages of a macro', () => {
  const variables = (text: string) => [...new Set(text.match(/\{\{[^}]*\}\}/g) ?? [])].sort()
  expect(macros.length).toBeGreaterThanOrEqual(12)
  for (const macro of macros) {
    const expected = variables(macro.text['en'] ?? '')
    expect(unknown(expected, ['{{contact.name}}', '{{conversation.number}}', '{{agent.name}}'])).toEqual([])
    for (const text of Object.values(macro.text)) expect(variables(text), macro.key).toEqual(expected)
  }
})

it('has twenty conversations over every channel in all five languages, in the order of time', () => {
  expect(conversations.length).toBe(20)
  expect([...new Set(conversations.map((one) => one.channel))].sort()).toEqual(channelIds)
  expect(new Set(conversations.map((one) => one.contact.language)).size).toBe(5)
  for (const one of conversations) {
    const times = one.messages.map((said) => said.minutesAgo)
    expect(times, one.key).toEqual([...times].sort((a, b) => b - a))
    expect(times.length, one.key).toBeGreaterThanOrEqual(3)
    expect(times.length, one.key).toBeLessThanOrEqual(8)
    expect(one.messages[0]?.from, one.key).toBe('customer')
  }
})

it('names in conversations only topics, teams, agents and articles that exist', () => {
  expect(
    unknown(
      conversations.map((one) => one.topic),
      keysOf(topics),
    ),
  ).toEqual([])
  expect(
    unknown(
      conversations.map((one) => one.team),
      keysOf(teams),
    ),
  ).toEqual([])
  const people = conversations.flatMap((one) => [one.assignee, ...one.messages.map((said) => said.agent)])
  expect(unknown(people, keysOf(agents))).toEqual([])
  for (const { contact, topic, messages } of conversations)
    for (const { article } of messages) {
      const folders = topics.find((one) => one.key === topic)?.categories ?? []
      const files = folders.map((folder) => path.join(root, 'articles', contact.language, folder, `${article}.md`))
      if (article) expect(files.some(existsSync), article).toBe(true)
    }
})
