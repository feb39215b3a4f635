export type Result = 'ok' | 'missed' | 'noisy' | 'info'

export interface Line {
  readonly goal: string
  readonly what: string
  readonly measured: string
  readonly bar: string
  readonly ratio?: number
  readonly result: Result
}

const widths = { goal: 6, what: 40, measured: 22, bar: 24, ratio: 7 }

export const heading = row('goal', 'what', 'measured', 'bar', 'ratio', 'result')

export function lineOf(line: Line): string {
  const ratio = line.ratio === undefined ? '' : line.ratio.toFixed(2)
  return row(line.goal, line.what, line.measured, line.bar, ratio, line.result === 'info' ? '' : line.result)
}

function row(goal: string, what: string, measured: string, bar: string, ratio: string, result: string): string {
  const cells = [
    goal.padEnd(widths.goal),
    what.padEnd(widths.what),
    measured.padEnd(widths.measured),
    bar.padEnd(widths.bar),
    ratio.padEnd(widths.ratio),
    result,
  ]
  return cells.join('').trimEnd()
}

export function summary(lines: readonly Line[]): string {
  const judged = lines.filter((line) => line.result !== 'info')
  const of = (result: Result) => judged.filter((line) => line.result === result).map((line) => line.goal)
  const missed = of('missed')
  const noisy = of('noisy')
  const more = [
    ...(missed.length > 0 ? [`${missed.length} missed (${missed.join(', ')})`] : []),
    ...(noisy.length > 0 ? [`${noisy.length} noisy (${noisy.join(', ')})`] : []),
  ]
  return [`${judged.length} goals: ${of('ok').length} ok`, ...more].join(', ')
}
