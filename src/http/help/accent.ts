type Rgb = readonly [number, number, number]

/** The accent as it can be read on the pages: at least 4.5:1 on their lightest, or darkest, surface. */
export function accentFor(accent: string, theme: 'light' | 'dark'): { readonly accent: string; readonly on: string } {
  const surface: Rgb = theme === 'light' ? [246, 248, 250] : [25, 29, 33]
  const towards: Rgb = theme === 'light' ? [0, 0, 0] : [255, 255, 255]
  const wanted = rgbOf(accent)
  for (let share = 0; share < 1; share += 0.05) {
    const tried = mixed(wanted, towards, share)
    if (contrast(tried, surface) < 4.5) continue
    const on: Rgb = contrast(tried, [255, 255, 255]) >= 4.5 ? [255, 255, 255] : [6, 20, 26]
    return { accent: hexOf(tried), on: hexOf(on) }
  }
  return { accent: hexOf(towards), on: hexOf(surface) }
}

/** Between two colours; null: one of them is not written as `#rrggbb`. */
export function contrastOf(one: string | undefined, other: string | undefined): number | null {
  const hex = /^#[0-9a-f]{6}$/i
  if (one === undefined || other === undefined || !hex.test(one) || !hex.test(other)) return null
  return Math.round(contrast(rgbOf(one), rgbOf(other)) * 10) / 10
}

function rgbOf(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16)
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255]
}

function hexOf(rgb: Rgb): string {
  return `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`
}

function mixed(from: Rgb, to: Rgb, share: number): Rgb {
  return [0, 1, 2].map((at) => from[at]! + (to[at]! - from[at]!) * share) as unknown as Rgb
}

/** WCAG 2.2, relative luminance. */
function contrast(one: Rgb, other: Rgb): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((part) => {
    const share = part / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
