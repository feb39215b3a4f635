import { expect, test } from 'vitest'
import { checkSender, type Resolve } from '../../../channels/email/sender-checks.ts'
import { channelEnv } from '../../support/channel-env.ts'
import { dnsOf, keyRecord, signedMailOf, type Zone } from '../../support/signed-mail.ts'

const dkim = { 'key._domainkey.example.test': keyRecord }
const dmarc = { '_dmarc.example.test': 'v=DMARC1; p=reject' }
const all: Zone = { ...dkim, ...dmarc, 'example.test': 'v=spf1 ip4:198.51.100.7 -all' }
const [home, abroad, ourRelay] = ['198.51.100.7', '203.0.113.9', '10.0.0.5']

interface Came {
  readonly raw: Buffer
  readonly by?: string
  readonly mailFrom?: string
  readonly limitMs?: number
  readonly relayed?: boolean
}

async function check(
  resolve: Resolve,
  { raw, by = abroad, mailFrom = 'ada@example.test', limitMs, relayed = false }: Came,
) {
  const mail = { raw, mailFrom, remoteAddress: by, helo: 'mx.example.test', recipient: 'support@desk.test' }
  const { log } = channelEnv()
  return checkSender(mail, { resolve, log, relayed, ...(limitMs !== undefined && { limitMs }) })
}

const verdicts = async (zone: Zone, came: Came) => (await check(dnsOf(zone).resolve, came)).verdicts

const altered = (raw: Buffer, from: string, to: string) =>
  Buffer.from(raw.toString('latin1').replace(from, to), 'latin1')

test('a mail signed by its own domain passes, wherever it came from', async () => {
  const raw = await signedMailOf()
  expect(await check(dnsOf(all).resolve, { raw })).toEqual({
    verdicts: { spf: 'fail', dkim: 'pass', dmarc: 'pass' },
    from: 'ada@example.test',
  })
  const bare = altered(raw, '', '').toString('latin1').replaceAll('\r\n', '\n')
  expect(await verdicts(all, { raw: Buffer.from(bare, 'latin1') })).toMatchObject({ dkim: 'pass' })
})

test('an unsigned mail passes where its domain names the server, and only there', async () => {
  const raw = await signedMailOf({ domain: null })
  expect(await verdicts(all, { raw, by: home })).toEqual({ spf: 'pass', dkim: 'none', dmarc: 'pass' })
  expect(await verdicts(all, { raw })).toEqual({ spf: 'fail', dkim: 'none', dmarc: 'fail' })
  const soft = { ...all, 'example.test': 'v=spf1 ip4:198.51.100.7 ~all' }
  expect(await verdicts(soft, { raw })).toEqual({ spf: 'softfail', dkim: 'none', dmarc: 'fail' })
})

test('a mail that was altered on its way fails', async () => {
  const raw = await signedMailOf()
  const body = await verdicts(all, { raw: altered(raw, 'my order', 'my money') })
  expect(body).toEqual({ spf: 'fail', dkim: 'fail', dmarc: 'fail' })
  const from = altered(raw, 'Ada <ada@', 'Eve <eve@')
  expect(await verdicts(all, { raw: from })).toMatchObject({ dkim: 'fail', dmarc: 'fail' })
})

test('what another domain vouches for says nothing of the sender', async () => {
  const raw = await signedMailOf({ domain: 'evil.test' })
  const zone = { ...all, 'key._domainkey.evil.test': keyRecord, 'evil.test': 'v=spf1 ip4:203.0.113.9 -all' }
  expect(await verdicts(zone, { raw, mailFrom: 'eve@evil.test' })).toEqual({ spf: 'pass', dkim: 'pass', dmarc: 'fail' })
})

test('a relative of the domain is enough, unless its record asks for the domain itself', async () => {
  const raw = await signedMailOf({ from: 'ada@mail.example.test' })
  expect(await verdicts(all, { raw })).toMatchObject({ dkim: 'pass', dmarc: 'pass' })
  const strict = { ...all, '_dmarc.example.test': 'v=DMARC1; p=reject; adkim=s; aspf=s' }
  expect(await verdicts(strict, { raw, by: home })).toEqual({ spf: 'pass', dkim: 'pass', dmarc: 'fail' })
  expect(await verdicts(strict, { raw: await signedMailOf() })).toMatchObject({ dmarc: 'pass' })
})

test('without records nothing is found out, and without a policy nobody is verified', async () => {
  expect(await verdicts({}, { raw: await signedMailOf({ domain: null }) })).toEqual({
    spf: 'none',
    dkim: 'none',
    dmarc: 'none',
  })
  expect(await verdicts({}, { raw: await signedMailOf() })).toMatchObject({ dkim: 'permerror', dmarc: 'none' })
  expect(await verdicts(dkim, { raw: await signedMailOf() })).toMatchObject({ dkim: 'pass', dmarc: 'none' })
})

test('signatures that prove little count for nothing', async () => {
  const partial = altered(await signedMailOf(), 'v=1; a=rsa', 'l=3; v=1; a=rsa')
  expect(await verdicts(all, { raw: partial })).toMatchObject({ dkim: 'neutral', dmarc: 'fail' })
  const weak = await signedMailOf({ hash: 'sha1' })
  expect(await verdicts(all, { raw: weak })).toMatchObject({ dkim: 'neutral', dmarc: 'fail' })
  const withoutFrom = await signedMailOf({ skip: 'from' })
  expect(await verdicts(all, { raw: withoutFrom })).toMatchObject({ dkim: 'neutral', dmarc: 'fail' })
})

test('two senders are none', async () => {
  const raw = await signedMailOf()
  const twice = Buffer.concat([Buffer.from('From: eve@example.test\r\n'), raw])
  expect(await check(dnsOf(all).resolve, { raw: twice })).toMatchObject({
    verdicts: { dmarc: 'permerror' },
    from: null,
  })
  const both = await signedMailOf({ from: 'ada@example.test, eve@example.test' })
  expect(await verdicts(all, { raw: both })).toMatchObject({ dkim: 'pass', dmarc: 'permerror' })
})

test('of a relay that was named SPF says nothing either', async () => {
  const unsigned = await signedMailOf({ domain: null })
  expect(await verdicts(all, { raw: unsigned, relayed: true })).toEqual({ dkim: 'none' })
  expect(await verdicts(all, { raw: await signedMailOf(), relayed: true })).toEqual({ dkim: 'pass', dmarc: 'pass' })
})

test('of a relay inside our network SPF says nothing, and an unsigned mail makes no question', async () => {
  const { resolve, asked } = dnsOf(all)
  const unsigned = await check(resolve, { raw: await signedMailOf({ domain: null }), by: ourRelay })
  expect([unsigned.verdicts, asked]).toEqual([{ dkim: 'none' }, []])
  expect(await verdicts(all, { raw: await signedMailOf(), by: ourRelay })).toEqual({ dkim: 'pass', dmarc: 'pass' })
  const broken = altered(await signedMailOf(), 'my order', 'my money')
  expect(await verdicts(all, { raw: broken, by: ourRelay })).toEqual({ dkim: 'fail' })
})

test('a DNS that is silent or broken is waited for only so long, and decides nothing', async () => {
  const raw = await signedMailOf()
  const began = performance.now()
  const silent = {
    'key._domainkey.example.test': 'silence',
    '_dmarc.example.test': 'silence',
    'example.test': 'silence',
  }
  const unknown = { spf: 'temperror', dkim: 'temperror', dmarc: 'temperror' }
  expect(await verdicts(silent, { raw, limitMs: 200 })).toEqual(unknown)
  expect(performance.now() - began).toBeLessThan(3_000)
  const broken: Resolve = () => Promise.reject(Object.assign(new Error('no'), { code: 'ESERVFAIL' }))
  expect((await check(broken, { raw })).verdicts).toEqual(unknown)
  const noKey = { ...all, 'key._domainkey.example.test': 'silence' }
  expect(await verdicts(noKey, { raw, limitMs: 200 })).toEqual({ spf: 'fail', dkim: 'temperror', dmarc: 'temperror' })
})

test('nobody makes us ask for ever', async () => {
  let asked = 0
  const servers = Array.from({ length: 10 }, (_, at) => ({ exchange: `mx${at}.example.test`, priority: 1 }))
  const mechanisms = 'abcdefghi'.split('').map((letter) => `mx:${letter}.example.test`)
  const resolve: Resolve = async (_name, type) => {
    asked += 1
    return type === 'MX' ? servers : type === 'A' ? [home] : [[`v=spf1 ${mechanisms.join(' ')} -all`]]
  }
  const { verdicts } = await check(resolve, { raw: await signedMailOf({ domain: null }) })
  expect(verdicts.spf).toBe('temperror')
  expect(asked).toBeLessThanOrEqual(60)
})

test('a mail made to keep us busy is given up at once, not at the end of its time', async () => {
  const signed = await signedMailOf()
  const head = signed.subarray(0, signed.indexOf('\r\n\r\n') + 4)
  for (const line of ['x', '\n', ' \t\n']) {
    const raw = Buffer.concat([head, Buffer.alloc(30_000_000, line)])
    const before = process.memoryUsage().rss
    const began = performance.now()
    expect(await verdicts(all, { raw, limitMs: 15_000 })).toMatchObject({ dkim: 'temperror', dmarc: 'temperror' })
    expect(performance.now() - began).toBeLessThan(3_000)
    expect(process.memoryUsage().rss - before).toBeLessThan(300_000_000)
  }
})
