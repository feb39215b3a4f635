import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { type Accept, type DeliveredMail, openMailDoor } from '../../../channels/email/smtp-door.ts'
import { ChannelError } from '../../../src/channel/errors.ts'
import { testClock } from '../../support/clock.ts'
import { freePort } from '../../support/free-port.ts'
import { sendMail } from '../../support/mail-ground.ts'

const own = 'support@desk.test'

async function door(accept?: Accept) {
  const clock = testClock()
  const port = await freePort()
  const listen = { host: '127.0.0.1', port }
  const opened = await openMailDoor(listen, clock, pino({ level: 'silent' }))
  onTestFinished(() => opened.close())
  const dismiss = accept ? opened.admit(own, accept) : () => {}
  const answer = (to: string) =>
    sendMail(port, { to, text: 'Hello' }).then(
      () => 250,
      (error: { responseCode?: number }) => error.responseCode,
    )
  return { clock, listen, dismiss, answer }
}

test('an unknown address is refused for good, but not while the inboxes are still coming', async () => {
  const { clock, answer } = await door()
  expect(await answer(own)).toBe(450)
  clock.advance(61_000)
  expect(await answer(own)).toBe(550)
})

test('an inbox that restarts is only busy, and unknown when it stays away', async () => {
  const { clock, dismiss, answer } = await door(async () => {})
  clock.advance(61_000)
  expect(await answer('support+t-x@desk.test')).toBe(250)
  dismiss()
  expect(await answer(own)).toBe(450)
  clock.advance(11 * 60_000)
  expect(await answer(own)).toBe(550)
})

test('nothing is acknowledged that was not taken', async () => {
  const taken: DeliveredMail[] = []
  const { answer } = await door(async (mail) => {
    taken.push(mail)
    if (taken.length === 1) throw new Error('the database is away')
  })
  expect(await answer(own)).toBe(451)
  expect(await answer(own)).toBe(250)
  expect(taken.map(({ recipient, mailFrom }) => [recipient, mailFrom])).toEqual([
    [own, 'alice@example.test'],
    [own, 'alice@example.test'],
  ])
})

test('a port that is taken is told as such', async () => {
  const { listen } = await door()
  const second = openMailDoor(listen, testClock(), pino({ level: 'silent' }))
  await expect(second).rejects.toThrow(/is in use/)
  await expect(second).rejects.toBeInstanceOf(ChannelError)
})
