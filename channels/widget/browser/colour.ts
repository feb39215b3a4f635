export interface Accent {
  readonly background: string
  readonly text: string
}

const fallback = '#0d6e85'

/** The website's colour and whichever of white and near-black reads better on it (WCAG contrast). */
export function accentOf(wanted: string | undefined): Accent {
  const background = wanted && CSS.supports('color', wanted) ? wanted : fallback
  const light = luminance(rgbOf(background))
  const onWhite = 1.05 / (light + 0.05)
  const onBlack = (light + 0.05) / (luminance([17, 20, 24]) + 0.05)
  return { background, text: onWhite >= 4.5 || onWhite >= onBlack ? '#fff' : '#111418' }
}

function rgbOf(colour: string): readonly number[] {
  const context = document.createElement('canvas').getContext('2d')
  if (!context) return [13, 110, 133]
  context.fillStyle = colour
  context.fillRect(0, 0, 1, 1)
  return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3)
}

function luminance([red = 0, green = 0, blue = 0]: readonly number[]): number {
  const linear = (value: number): number => {
    const share = value / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}
