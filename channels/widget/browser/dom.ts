type Attributes = Readonly<Record<string, string | boolean | EventListener | undefined>>
type Child = Node | string | null | undefined | false

/** An element; never HTML from text, so a page's CSP and Trusted Types have nothing to refuse. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value)
    else if (value === true) element.setAttribute(name, '')
    else if (typeof value === 'string') element.setAttribute(name, value)
  }
  for (const child of children) if (child !== null && child !== undefined && child !== false) element.append(child)
  return element
}

const svgSpace = 'http://www.w3.org/2000/svg'

/** A line drawing in the text's colour, 24 x 24. */
export function icon(name: string, ...paths: string[]): SVGElement {
  const svg = document.createElementNS(svgSpace, 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('class', `icon ${name}`)
  svg.setAttribute('aria-hidden', 'true')
  for (const d of paths) {
    const path = document.createElementNS(svgSpace, 'path')
    path.setAttribute('d', d)
    svg.append(path)
  }
  return svg
}

/** A constructed sheet is no inline style, so `style-src` does not concern it. */
export function adopt(root: ShadowRoot, css: string): void {
  if ('adoptedStyleSheets' in root && 'replaceSync' in CSSStyleSheet.prototype) {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(css)
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
  } else {
    const style = document.createElement('style')
    style.textContent = css
    ;(root as ShadowRoot).append(style)
  }
}
