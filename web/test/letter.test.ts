import { expect, test } from 'vitest'
import {
  bounceReason,
  envelopeProblem,
  nameAndAddress,
  readAddresses,
  subjectKey,
  tellingSubjects,
  trustOf,
  withAddresses,
} from '../src/data/letter.ts'
import { message } from './samples.ts'

const li = { name: 'Li Wei', address: 'li@customer.example' }
const bo = { name: '', address: 'bo@customer.example' }
const letter = { from: li, to: [bo], cc: [] }

test('addresses are read as people type and paste them', () => {
  expect(readAddresses('Li Wei <li@customer.example>, bo@customer.example;')).toEqual([li, bo])
  expect(readAddresses('"Wei, Li" <li@customer.example>\nbo@customer.example')).toEqual([
    { name: 'Wei, Li', address: 'li@customer.example' },
    bo,
  ])
  expect(readAddresses('bo@customer.example li@customer.example')).toEqual([bo, { name: '', address: li.address }])
  expect(readAddresses('李伟 <li@customer.example>，bo@customer.example')).toEqual([{ ...li, name: '李伟' }, bo])
  expect(readAddresses(' , ;')).toEqual([])
})

test('what is no address stays on screen and stops the sending', () => {
  const [wrong] = readAddresses('bo at customer')
  expect(wrong).toEqual({ name: '', address: 'bo at customer' })
  expect(envelopeProblem({ to: [li], cc: wrong ? [wrong] : [], bcc: [], subject: '' })).toBe('address')
  expect(envelopeProblem({ to: [], cc: [li], bcc: [], subject: '' })).toBe('nobody')
  expect(envelopeProblem({ to: [li], cc: [], bcc: [bo], subject: '' })).toBeNull()
  expect(envelopeProblem({ to: [{ name: '', address: 'a@b\nBcc: c@d' }], cc: [], bcc: [], subject: '' })).toBe(
    'address',
  )
})

test('nobody is written to twice', () => {
  expect(withAddresses([li], [{ name: '', address: 'LI@customer.example' }, bo, bo])).toEqual([li, bo])
  expect(nameAndAddress(li)).toBe('Li Wei <li@customer.example>')
  expect(nameAndAddress({ name: 'Ana', address: '' })).toBe('Ana')
})

test('a subject is shown where it begins and where it changes, not with every "Re:"', () => {
  const subjects = [
    'Refund',
    'Re: Refund',
    'AW: RE[2]:  refund',
    '回复：Refund',
    'Another thing',
    undefined,
    'Re: Another thing',
  ]
  const messages = subjects.map((subject, at) =>
    message(at + 1, { letter, ...(subject === undefined ? {} : { subject }) }),
  )
  expect([...tellingSubjects(messages)]).toEqual(['1', '5'])
  expect(subjectKey('Fwd: Re: Hello')).toBe('hello')
  expect(subjectKey('Reset: my password')).toBe('reset: my password')
})

test('only the word of our own mail server verifies a sender or casts doubt', () => {
  const checked = (dmarc: 'pass' | 'fail' | 'none') => trustOf({ letter: { ...letter, authentication: { dmarc } } })
  expect(checked('pass')).toBe('verified')
  expect(checked('fail')).toBe('doubtful')
  expect(checked('none')).toBeNull()
  expect(trustOf({ letter: { ...letter, authentication: { spf: 'pass', dkim: 'pass' } } })).toBeNull()
})

test('what came back is told by its code, not by the words of a foreign server', () => {
  expect(bounceReason('550 5.1.1 <nobody@desk.test>: Recipient address rejected')).toBe('noAddress')
  expect(bounceReason('5.2.2')).toBe('mailboxFull')
  expect(bounceReason('552 5.3.4 message too big')).toBe('tooLarge')
  expect(bounceReason('550 5.7.26 unauthenticated')).toBe('refusedThere')
  expect(bounceReason('4.4.1 connection timed out')).toBe('unreachable')
  expect(bounceReason('from 10.5.1.1 refused')).toBeNull()
  expect(bounceReason(undefined)).toBeNull()
})
