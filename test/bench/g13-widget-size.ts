import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { checkout } from './place.ts'
import type { Line } from './report.ts'

const loaderBytes = 5 * 1_024
const panelBytes = 30 * 1_024

/** What a visitor's browser downloads: the loader at once, everything else on first opening. */
export async function widgetSize(): Promise<Line[]> {
  const folder = join(checkout(), 'dist', 'widget')
  const scripts = readdirSync(folder).filter((name) => name.endsWith('.js'))
  const size = (names: readonly string[]) =>
    names.reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, name)), { level: 9 }).length, 0)
  const panel = scripts.filter((name) => name !== 'widget.js')
  if (panel.length === 0 || !scripts.includes('widget.js')) throw new Error(`the widget is not built in ${folder}`)
  return [line('widget.js', size(['widget.js']), loaderBytes), line('panel', size(panel), panelBytes)]
}

function line(what: string, bytes: number, bar: number): Line {
  return {
    goal: 'G13',
    what: `gzip size of the ${what}`,
    measured: `${(bytes / 1_024).toFixed(1)} KiB`,
    bar: `<= ${bar / 1_024} KiB`,
    result: bytes <= bar ? 'ok' : 'missed',
  }
}
