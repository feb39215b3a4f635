import { expect, test } from 'vitest'
import { z } from 'zod'
import { settingsSchema as mailSettings } from '../../../channels/email/settings.ts'
import { formOf, isShown, type Schema, shownValues, withValue } from '../../../web/src/data/settings-form.ts'

test('a mailbox is asked for by what is chosen, each server under its own heading', () => {
  const mail = formOf(z.toJSONSchema(mailSettings, { io: 'input' }) as Schema, {
    receive: { title: '接收', options: { imap: '读取邮箱' } },
  })
  const all = [...mail.main, ...mail.more]
  const of = (path: string) => all.find((one) => one.path === path)
  const shown = (receive: string) => all.filter((one) => isShown(one, { receive })).map((one) => one.path)
  expect(shown('imap')).toContain('imap')
  expect(shown('imap')).not.toContain('listen')
  expect(shown('smtp')).toContain('listen')
  expect(shown('smtp')).not.toContain('imap')
  expect(of('imap')).toMatchObject({ kind: 'group', required: true })
  const imap = of('imap')
  const inside = imap?.kind === 'group' ? imap.fields : []
  expect(inside.find((one) => one.path === 'imap.port')).toMatchObject({ kind: 'number', initial: 993 })
  expect(inside.find((one) => one.path === 'imap.password')).toMatchObject({ input: 'password', secret: true })
  expect(of('receive')).toMatchObject({
    kind: 'choice',
    options: [{ value: 'imap', label: '读取邮箱' }, { value: 'smtp' }],
  })
  expect(of('signature')).toMatchObject({ multiline: true })
  expect(mail.more.map((one) => one.path)).toContain('dkim')
})

test('what was typed for another case is not sent, and an emptied group is not given', () => {
  const fields = formOf(z.toJSONSchema(mailSettings, { io: 'input' }) as Schema).main
  const values = { receive: 'smtp', imap: { host: 'half' }, listen: { port: 25 } }
  expect(shownValues(fields, values)).toEqual({ receive: 'smtp', listen: { port: 25 } })
  expect(withValue(values, 'imap.host', undefined)).toEqual({ receive: 'smtp', listen: { port: 25 } })
})
