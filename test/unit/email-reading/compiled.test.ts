import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import typescript from 'typescript'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))

/** As `npm run build` leaves it: the thread's file is found and runs without a compiler at hand. */
test('the reader runs from what was built', async () => {
  const folder = temporaryFolder()
  const from = join(root, 'channels/email/reading')
  const to = join(folder, 'channels/email/reading')
  mkdirSync(to, { recursive: true })
  cpSync(join(root, 'package.json'), join(folder, 'package.json'))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  const compilerOptions = {
    module: typescript.ModuleKind.ESNext,
    target: typescript.ScriptTarget.ES2023,
    verbatimModuleSyntax: true,
    rewriteRelativeImportExtensions: true,
  }
  for (const name of readdirSync(from)) {
    const { outputText } = typescript.transpileModule(readFileSync(join(from, name), 'utf8'), { compilerOptions })
    writeFileSync(join(to, name.replace(/\.ts$/, '.js')), outputText)
  }
  const url = pathToFileURL(join(to, 'read-mail.js')).href
  const { createMailReader }: typeof import('../../../channels/email/reading/read-mail.ts') = await import(url)
  const reader = createMailReader()
  const mail = await reader.read(Buffer.from('Subject: built\r\n\r\nHello'), {})
  await reader.close()
  expect(mail).toMatchObject({ subject: 'built', text: 'Hello' })
}, 30_000)
