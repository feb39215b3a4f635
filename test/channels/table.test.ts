import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { channels } from '../../channels/index.ts'
import type { Capabilities, Support } from '../../src/channel/capabilities.ts'
import type { ThreadRef } from '../../src/channel/contract.ts'

const page = new URL('../../docs/channels.md', import.meta.url)
// UPDATE_DOCS=1 writes the page instead of comparing.
const updating = process.env['UPDATE_DOCS'] === '1'

interface Column {
  readonly name: string
  readonly remarks: Readonly<Record<string, string>>
  readonly can: Capabilities
}

interface Sample {
  /** As an operator sets it up. */
  readonly settings: object
  /** Where places of one channel differ, each of them. */
  readonly places?: Readonly<Record<string, ThreadRef>>
  /** What an 'in part' leaves out, by the capability's path, where it is not the usual. */
  readonly remarks?: Readonly<Record<string, string>>
}

const usual: Readonly<Record<string, string>> = {
  'formats.list': 'Written out with bullets and numbers.',
  'formats.heading': 'In bold.',
  choices: 'A numbered list: the customer types the number.',
}

function sampleOf(channel: string): Sample {
  const file = new URL(`samples/${channel}.json`, import.meta.url)
  return JSON.parse(readFileSync(file, 'utf8')) as Sample
}

const columns: Column[] = channels.flatMap((adapter) => {
  const sample = sampleOf(adapter.id)
  const settings = adapter.parseSettings(sample.settings)
  const remarks = { ...usual, ...sample.remarks }
  if (!sample.places) return [{ name: adapter.name, remarks, can: adapter.capabilities(settings) }]
  return Object.entries(sample.places).map(([place, thread]) => ({
    name: `${adapter.name}, ${place}`,
    remarks,
    can: adapter.capabilities(settings, thread),
  }))
})

const words: Readonly<Record<Support, string>> = { full: 'full', partial: 'partial', dropped: 'none', rejected: 'none' }

const rows: readonly (readonly [title: string, path: string, of: (can: Capabilities) => Support])[] = [
  ...(['bold', 'italic', 'code', 'codeBlock', 'link', 'quote', 'list', 'heading'] as const).map(
    (format) =>
      [
        format === 'codeBlock' ? 'code block' : format,
        `formats.${format}`,
        (can: Capabilities) => can.formats[format],
      ] as const,
  ),
  ['subject', 'subject', (can) => can.subject],
  ['files to us', 'attachments.in', (can) => can.attachments.in],
  ['files from us', 'attachments.out', (can) => can.attachments.out],
  ['answers that quote', 'reply', (can) => can.reply],
  ['choices as buttons', 'choices', (can) => can.choices],
  ['our messages edited', 'edit', (can) => can.edit],
  ['our messages deleted', 'remove', (can) => can.remove],
  ['their reactions', 'reactions.in', (can) => can.reactions.in],
  ['our reactions', 'reactions.out', (can) => can.reactions.out],
  ['they see us typing', 'typing.out', (can) => can.typing.out],
  ['we see them typing', 'typing.in', (can) => can.typing.in],
  ['delivered', 'receipts.delivered', (can) => can.receipts.delivered],
  ['read', 'receipts.read', (can) => can.receipts.read],
  ['writing first', 'startThread', (can) => can.startThread],
]

const units = {
  utf16: 'characters (UTF-16)',
  codePoints: 'characters',
  weighted: 'weighted characters',
  bytes: 'bytes',
}

const hours = (ms: number) => (ms < 3_600_000 ? `${ms / 60_000} min` : `${ms / 3_600_000} h`)
const kindsOf = ({ attachments }: Capabilities) => attachments.kinds?.map(({ name }) => name).join(', ') ?? 'any'
const budgetOf = ({ budgets = [] }: Capabilities) =>
  budgets.map(({ max, windowMs }) => `${max.toLocaleString('en')} in ${hours(windowMs)}`).join(', ') || '–'

function table(): string {
  const notes: string[] = []
  const cell = ({ name, remarks }: Column, path: string, support: Support): string => {
    if (support !== 'partial') return words[support]
    const note = remarks[path] ?? `nobody says why (${name}, ${path})`
    if (!notes.includes(note)) notes.push(note)
    return `${words.partial} [${notes.indexOf(note) + 1}]`
  }
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const each = (of: (column: Column) => string) => columns.map(of)
  return [
    line(['', ...each(({ name }) => name)]),
    line(['---', ...columns.map(() => '---')]),
    line(['longest message', ...each(({ can }) => `${can.text.max.toLocaleString('en')} ${units[can.text.unit]}`)]),
    ...rows.map(([title, path, of]) => line([title, ...each((column) => cell(column, path, of(column.can)))])),
    line(['largest file', ...each(({ can }) => `${Math.floor(can.attachments.maxBytes / 1_000_000)} MB`)]),
    line(['kinds of files from us', ...each(({ can }) => kindsOf(can))]),
    line(['files a message', ...each(({ can }) => String(can.attachments.maxPerMessage))]),
    line(['messages of ours, at most', ...each(({ can }) => budgetOf(can))]),
    line(['one click asks into private', ...each(({ can }) => (can.privateDoor ? 'full' : 'none'))]),
    line(['a repeated send changes nothing', ...each(({ can }) => (can.idempotentSend ? 'full' : 'none'))]),
    line(['can be asked whether it arrived', ...each(({ can }) => (can.confirm ? 'full' : 'none'))]),
    '',
    ...notes.map((note, index) => `${index + 1}. ${note}`),
  ].join('\n')
}

test('docs/channels.md says what each channel can, and why something is possible only in part', () => {
  const now = readFileSync(page, 'utf8')
  const mark = /(<!-- table: generated from the channels -->\n)[\s\S]*?(\n<!-- end of table -->)/
  expect(now).toMatch(mark)
  const wanted = now.replace(mark, (_all, before: string, after: string) => `${before}${table()}${after}`)
  expect(wanted).not.toContain('nobody says why')
  if (updating) writeFileSync(page, wanted)
  else expect(now).toBe(wanted)
})
