import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const css = readFileSync(new URL('../tokens.css', import.meta.url), 'utf8').replaceAll('"', "'")

type Tokens = Map<string, string>
type Rgb = [number, number, number]

function block(selector: string): Tokens {
  const start = css.indexOf(`${selector} {`)
  expect(start, `${selector} is in tokens.css`).toBeGreaterThan(-1)
  const body = css.slice(css.indexOf('{', start) + 1, css.indexOf('}', start))
  return new Map([...body.matchAll(/--([\w-]+):\s*([^;]+);/g)].map((match) => [match[1] ?? '', match[2] ?? '']))
}

const light = block(':root')
const themes: Record<string, Tokens> = {
  light,
  dark: new Map([...light, ...block(":root[data-theme='dark']")]),
  contrast: new Map([...light, ...block(":root[data-theme='contrast']")]),
}

/** Björn Ottosson's matrices, OKLab to linear sRGB. */
function rgbOf(tokens: Tokens, name: string): Rgb {
  const value = tokens.get(name) ?? ''
  const other = /^var\(--([\w-]+)\)$/.exec(value)
  if (other) return rgbOf(tokens, other[1] ?? '')
  const match = /^oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)$/.exec(value)
  if (!match) throw new Error(`--${name} is no opaque oklch colour: ${value}`)
  const [lightness, chroma, hue] = match.slice(1).map(Number) as Rgb
  const a = chroma * Math.cos((hue * Math.PI) / 180)
  const b = chroma * Math.sin((hue * Math.PI) / 180)
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  const clamp = (n: number) => Math.min(1, Math.max(0, n))
  return [
    clamp(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    clamp(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    clamp(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ]
}

function contrast(tokens: Tokens, one: string, other: string): number {
  const luminance = ([r, g, b]: Rgb) => 0.2126 * r + 0.7152 * g + 0.0722 * b
  const [a, b] = [luminance(rgbOf(tokens, one)), luminance(rgbOf(tokens, other))]
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

const surfaces = ['ground', 'surface', 'raised', 'hover', 'selected', 'bubble-in', 'bubble-out']
const text: [string, string][] = [
  ...['text', 'text-soft', 'text-faint'].flatMap((ink) => surfaces.map((surface): [string, string] => [ink, surface])),
  ...['accent-text', 'success', 'warning', 'danger', 'info'].flatMap((ink) =>
    ['surface', 'raised', 'hover'].map((surface): [string, string] => [ink, surface]),
  ),
  ['text-soft', 'pressed'],
  ['on-accent', 'accent'],
  ['on-accent', 'accent-strong'],
  ['accent-text', 'accent-soft'],
  ['note-text', 'note'],
  ['note-text', 'note-fill'],
  ['success', 'success-soft'],
  ['warning', 'warning-soft'],
  ['danger', 'danger-soft'],
  ['info', 'info-soft'],
]

test.each(Object.keys(themes))('every pair used for text can be read in the %s theme (4.5:1)', (theme) => {
  const tokens = themes[theme] as Tokens
  const faint = text.flatMap(([ink, surface]) => {
    const ratio = contrast(tokens, ink, surface)
    return ratio < 4.5 ? [`${ink} on ${surface}: ${ratio.toFixed(2)}`] : []
  })
  expect(faint).toEqual([])
})

test.each(Object.keys(themes))('edges of controls and the focus ring are seen in the %s theme (3:1)', (theme) => {
  const tokens = themes[theme] as Tokens
  const faint = ['control-line', 'focus'].flatMap((ink) =>
    ['surface', 'raised', 'ground']
      .filter((surface) => contrast(tokens, ink, surface) < 3)
      .map((surface) => `${ink} on ${surface}`),
  )
  expect(faint).toEqual([])
})

test('dark by the system is the same as dark by choice', () => {
  const bySystem = css.slice(css.indexOf('@media (prefers-color-scheme: dark)'))
  const declared = [...bySystem.slice(0, bySystem.indexOf('\n}\n')).matchAll(/--([\w-]+):\s*([^;]+);/g)]
  expect(declared.length).toBeGreaterThan(50)
  expect(new Map(declared.map((match) => [match[1], match[2]]))).toEqual(block(":root[data-theme='dark']"))
})
