import { afterAll, expect, test } from 'vitest'
import { createIntake } from '../../../channels/email/intake.ts'
import type { SenderChecks } from '../../../channels/email/sender-checks.ts'
import { channelEnv } from '../../support/channel-env.ts'
import { sendingSettings } from '../../support/email-sending.ts'
import { signedMailOf } from '../../support/signed-mail.ts'

const intake = createIntake(sendingSettings(25), channelEnv())
afterAll(() => intake.close())

async function taken(authentication?: SenderChecks, header = '') {
  const raw = Buffer.concat([Buffer.from(header), await signedMailOf()])
  const mail = { raw, folder: 'inbox' as const, receivedAt: new Date() }
  const result = await intake.take({ ...mail, ...(authentication && { authentication }) })
  if (!('event' in result) || result.event.kind !== 'message') throw new Error('no message came of it')
  const { sender, letter } = result.event
  return { found: letter?.authentication, verifiedBy: sender.verifiedBy, verified: sender.email?.verified }
}

test('what was found out of the sender is shown, and a pass verifies', async () => {
  const verdicts = { spf: 'fail', dkim: 'pass', dmarc: 'pass' } as const
  const found = await taken({ verdicts, from: 'ada@example.test' })
  expect(found).toEqual({ found: verdicts, verifiedBy: 'dmarc', verified: true })
  const failed = await taken({ verdicts: { ...verdicts, dmarc: 'fail' }, from: 'ada@example.test' })
  expect(failed).toMatchObject({ found: { dmarc: 'fail' }, verified: false })
}, 30_000)

test('a pass of somebody else verifies nobody', async () => {
  for (const from of ['eve@evil.test', null]) {
    const found = await taken({ verdicts: { dkim: 'pass', dmarc: 'pass' }, from })
    expect(found).toEqual({ found: { dkim: 'pass', dmarc: 'permerror' }, verifiedBy: undefined, verified: false })
  }
})

test('what a mail says of itself counts for nothing', async () => {
  const claim = 'Authentication-Results: mx.desk.test; dmarc=pass\r\n'
  expect(await taken(undefined, claim)).toEqual({ found: undefined, verifiedBy: undefined, verified: false })
})
