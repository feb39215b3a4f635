import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { checkout } from './place.ts'

const begin = '<!-- newest run: written by `npm run bench -- --write` -->'
const end = '<!-- end of the newest run -->'

/** Replaces the newest run; what people wrote around it stays. */
export async function writeResults(said: readonly string[]): Promise<void> {
  const file = join(checkout(), 'docs', 'benchmarks.md')
  const text = await readFile(file, 'utf8')
  const [head, rest] = text.split(begin)
  const tail = rest?.split(end)[1]
  if (head === undefined || tail === undefined) throw new Error(`${file} has lost its marks for the newest run`)
  const table = ['```', ...said, '```'].join('\n')
  await writeFile(file, `${head}${begin}\n${table}\n${end}${tail}`)
}
