import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative, sep } from 'node:path'
import { expect, test } from 'vitest'

/** The rules of the house that a reader of the files can check. Every violation is told as `file:line what`. */

interface Import {
  readonly file: string
  readonly line: number
  /** Path from the root for our own files, else the package's name. */
  readonly target: string
  readonly typeOnly: boolean
}

const root = process.cwd()
const files = ['src', 'channels', 'config', 'test', 'web', 'bin'].flatMap(list).filter((file) => !/\.d\.ts$/.test(file))
const contents = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]))
const imports = files.flatMap(importsOf)

function list(folder: string): string[] {
  let entries: ReturnType<typeof read>
  const read = () => readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
  try {
    entries = read()
  } catch {
    return []
  }
  return entries
    .filter((entry) => entry.isFile() && /\.(ts|tsx|js)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((file) => !/(^|\/)(node_modules|dist|fixtures)\//.test(file))
}

function importsOf(file: string): Import[] {
  const text = contents.get(file) ?? ''
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s+(type\s)?(?:[\w*{][^'"`;]*?\sfrom\s*)?['"]([^'"\n]+)['"]|\bimport\(\s*['"]([^'"\n]+)['"]\s*\)/g
  return [...text.matchAll(pattern)].map((match) => {
    const name = match[2] ?? match[3] ?? ''
    const start = match.index + match[0].length - match[0].trimStart().length
    return { file, line: lineAt(text, start), target: targetOf(file, name), typeOnly: match[1] !== undefined }
  })
}

function targetOf(file: string, name: string): string {
  if (name.startsWith('.'))
    return normalize(join(dirname(file), name))
      .split(sep)
      .join('/')
  return name.startsWith('@') ? name.split('/').slice(0, 2).join('/') : (name.split('/')[0] ?? name)
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}

const isOurs = (target: string) => contents.has(target) || /^(src|channels|config|test|web|bin)\//.test(target)

/** What each room may import of ours, itself apart. Anything else is a violation. */
const reading = ['src/domain', 'src/channel', 'src/store', 'src/files', 'src/security']
const rooms: Record<string, readonly string[]> = {
  'src/domain': [],
  'src/channel': [],
  'src/store': ['src/domain', 'src/channel'],
  'src/files': ['src/domain', 'src/channel', 'src/store'],
  'src/security': ['src/domain', 'src/channel', 'src/store'],
  'src/ingest': reading,
  'src/delivery': reading,
  'src/routing': [
    ...reading,
    'src/delivery/reply.ts',
    'src/delivery/reply-input.ts',
    'src/delivery/change-sent.ts',
    'src/delivery/change-parts.ts',
  ],
  'src/jobs': [...reading, 'src/delivery/reply.ts'],
  'src/help': reading,
  'src/bot': [...reading, 'src/delivery/reply.ts', 'src/delivery/reply-input.ts'],
  'src/sample': [...reading, 'src/help', 'src/ingest'],
  'src/wire': ['src/domain'],
  'src/realtime': ['src/'],
  'src/http': ['src/'],
  'src/cli': ['src/', 'channels/', 'config/'],
  'src/app.ts': ['src/', 'channels/', 'config/'],
  'src/later.ts': ['src/'],
  'src/main.ts': ['src/', 'channels/', 'config/'],
  config: [],
  web: ['src/wire'],
}
const compositionRoots = ['src/app.ts', 'src/main.ts', 'src/cli']

const within = (path: string, room: string) =>
  path === room || path.startsWith(room.endsWith('/') ? room : `${room}/`) || path === `${room}.ts`
const roomOf = (file: string) => Object.keys(rooms).find((room) => within(file, room))
const say = ({ file, line }: Import, what: string) => `${file}:${line} ${what}`

test('it read the program', () => {
  expect(files.length).toBeGreaterThan(40)
  expect(imports.length).toBeGreaterThan(100)
  expect(imports.filter((one) => isOurs(one.target)).length).toBeGreaterThan(80)
})

test('every file of src belongs to a room', () => {
  expect.soft(files.filter((file) => file.startsWith('src/') && !roomOf(file))).toEqual([])
})

test('rooms import only what they may', () => {
  const wrong = imports.flatMap((one) => {
    const room = roomOf(one.file)
    if (!room || !isOurs(one.target) || within(one.target, room)) return []
    return rooms[room]?.some((allowed) => within(one.target, allowed)) ? [] : [say(one, `imports ${one.target}`)]
  })
  expect.soft(wrong).toEqual([])
})

test('the web takes types only from wire', () => {
  const wrong = imports.filter((one) => one.file.startsWith('web/') && within(one.target, 'src/wire') && !one.typeOnly)
  expect.soft(wrong.map((one) => say(one, 'needs `import type`'))).toEqual([])
})

test('a channel imports the agreement, itself and packages, nothing else', () => {
  const wrong = imports.flatMap((one) => {
    const folder = /^channels\/[^/]+(?=\/)/.exec(one.file)?.[0]
    if (!folder || !isOurs(one.target)) return []
    return within(one.target, folder) || within(one.target, 'src/channel') ? [] : [say(one, `imports ${one.target}`)]
  })
  expect.soft(wrong).toEqual([])
})

test('channels are imported by their list and the composition roots alone', () => {
  const may = [...compositionRoots, 'channels', 'test', 'bin']
  const wrong = imports.filter((one) => within(one.target, 'channels') && !may.some((room) => within(one.file, room)))
  expect.soft(wrong.map((one) => say(one, `imports ${one.target}`))).toEqual([])
})

test('settings of the environment are read in config only', () => {
  const may = [
    'config',
    ...compositionRoots.slice(1),
    'src/app.ts',
    'test',
    'bin',
    'web/vite.config.ts',
    'channels/widget/browser',
  ]
  const wrong = imports.filter(
    (one) => within(one.target, 'config') && !one.typeOnly && !may.some((room) => within(one.file, room)),
  )
  expect.soft(wrong.map((one) => say(one, `imports ${one.target}`))).toEqual([])
  expect
    .soft(linesWith(/\bprocess\.env\b/, (file) => /^(src|channels)\//.test(file) && !file.includes('/browser/')))
    .toEqual([])
})

test('only the store knows typeorm', () => {
  const wrong = imports.filter((one) => one.target === 'typeorm' && !within(one.file, 'src/store'))
  expect.soft(wrong.map((one) => say(one, 'imports typeorm'))).toEqual([])
})

test('imports of our own files name the file', () => {
  const known = new Set([...files, ...files.map((file) => file.replace(/\.tsx?$/, '.js'))])
  const wrong = imports.filter(
    (one) => /^(src|channels|config|test)\//.test(one.file) && one.target.includes('/') && isOurs(one.target),
  )
  const bad = wrong.filter((one) => !known.has(one.target) && !/\.(json|css|svg)$/.test(one.target))
  expect.soft(bad.map((one) => say(one, `imports ${one.target}, which is no file`))).toEqual([])
})

const channelIds = ['telegram', 'discord', 'email', 'widget', 'loop', 'x']

test('nothing outside a channel compares or switches on a channel id', () => {
  const id = `['"\`](?:${channelIds.join('|')})['"\`]`
  const pattern = new RegExp(
    `(?:[!=]==?\\s*${id})|(?:${id}\\s*[!=]==?)|(?:\\bcase\\s+${id}\\s*:)|(?:channel\\w*\\s*(?:in|===?)\\s*${id})`,
  )
  expect.soft(linesWith(pattern, (file) => /^(src|web)\//.test(file))).toEqual([])
})

test('named exports only, and no barrels', () => {
  const tools = (file: string) => /(^|\/)(vite|vitest)\.config\.ts$/.test(file)
  expect.soft(linesWith(/^export default\b/m, (file) => !tools(file))).toEqual([])
  const barrel = (file: string) => /(^|\/)index\.tsx?$/.test(file) && !/^channels\/([^/]+\/)?index\.ts$/.test(file)
  const allowed = new Set(['config/index.ts', 'src/store/migrations/index.ts', 'src/store/schema/index.ts'])
  expect.soft(files.filter((file) => barrel(file) && !allowed.has(file) && reExports(file))).toEqual([])
})

function reExports(file: string): boolean {
  return /^export\s+(\*|\{[^}]*\}\s+from)/m.test(contents.get(file) ?? '')
}

test('files are named for what they hold', () => {
  const forbidden = /(^|\/)(utils?|helpers?|common|misc|manager|[a-z-]+-(utils?|helpers?|manager|impl))(\.tsx?$|\/)/i
  expect.soft(files.filter((file) => forbidden.test(file))).toEqual([])
  const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|config|d))?\.(ts|tsx|js)$/
  expect.soft(files.filter((file) => !kebab.test(file.split('/').at(-1) ?? ''))).toEqual([])
  expect
    .soft(linesWith(/^export (?:interface|type|class) (?:I[A-Z]\w*|\w+Impl)\b/m, (file) => !file.startsWith('test/')))
    .toEqual([])
})

test('no file outgrows its reader', () => {
  const budget = (file: string) => (/\.test\.tsx?$/.test(file) ? 400 : 300)
  const wrong = files
    .filter((file) => !file.startsWith('src/store/migrations/'))
    .map((file) => ({ file, lines: (contents.get(file) ?? '').split('\n').length - 1 }))
    .filter(({ file, lines }) => lines > budget(file))
  expect.soft(wrong.map(({ file, lines }) => `${file}:${lines} is longer than ${budget(file)} lines`)).toEqual([])
})

test('a channel stays a channel in size', () => {
  const sizes = new Map<string, number>()
  for (const file of files) {
    const name = /^channels\/([^/]+)\/(?!browser\/)/.exec(file)?.[1]
    if (name) sizes.set(name, (sizes.get(name) ?? 0) + (contents.get(file) ?? '').split('\n').length)
  }
  // docs/decisions/0012, 0017, 0018 and 0020 say why.
  const larger: Readonly<Record<string, number>> = { email: 4_000, x: 1_960, discord: 1_900, telegram: 1_250 }
  const wrong = [...sizes].filter(([name, lines]) => lines > (larger[name] ?? 1_200))
  expect.soft(wrong.map(([name, lines]) => `channels/${name} has ${lines} lines`)).toEqual([])
})

test('what no person wrote is said to customers only where the one decision about it is asked', () => {
  const speaks = (file: string) => /type: '(?:system|bot)', priority/.test(contents.get(file) ?? '')
  const ours = files.filter((file) => file.startsWith('src/') && speaks(file))
  // Mail to our own administrators.
  const wrong = ours.filter(
    (file) => file !== 'src/delivery/alarm-notice.ts' && !/\b(?:answers|follows): \{/.test(contents.get(file) ?? ''),
  )
  expect.soft(ours.length).toBeGreaterThan(1)
  expect.soft(wrong).toEqual([])
})

test('a deadline is held by somebody', () => {
  // docs/benchmarks.md, what the campaigns found: src/channel/deadline.ts instead.
  const pattern = /AbortSignal\.any\(.*AbortSignal\.timeout\(/
  expect.soft(linesWith(pattern, (file) => /^(?:src|channels)\//.test(file))).toEqual([])
})

test('nothing is silenced', () => {
  const pattern = /@ts-(?:ignore|nocheck|expect-error)|biome-ignore|eslint-disable/
  expect.soft(linesWith(pattern, (file) => file !== 'test/architecture.test.ts' && !file.endsWith('.js'))).toEqual([])
})

function linesWith(pattern: RegExp, which: (file: string) => boolean): string[] {
  return files.filter(which).flatMap((file) =>
    (contents.get(file) ?? '').split('\n').flatMap((line, index) => {
      const code = line.replace(/(^|\s)\/\/.*$/, '').replace(/^\s*\*.*$/, '')
      const silenced = pattern.source.includes('biome-ignore')
      return pattern.test(silenced ? line : code) ? [`${file}:${index + 1} ${line.trim().slice(0, 120)}`] : []
    }),
  )
}
