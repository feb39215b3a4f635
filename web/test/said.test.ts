import { expect, test } from 'vitest'
import { translated } from '../src/data/said.ts'

const said = {
  'No {} can be sent. {}': '无法发送{}。{}',
  'direct messages': '私信',
  'Ask (again).': '请再问。',
}

test('a sentence of a channel is said in the language of the page, with what differs each time', () => {
  expect(translated(said, 'No direct messages can be sent. Because (17).')).toBe('无法发送私信。Because (17).')
  expect(translated(said, 'Ask (again).\nNo posts can be sent. x')).toBe('请再问。\n无法发送posts。x')
  expect(translated(said, 'Something new.')).toBe('Something new.')
  expect(translated(undefined, 'Ask (again).')).toBe('Ask (again).')
})
