import { createHash } from 'node:crypto'

const styles = `
:root{color-scheme:light dark;--text:#171c21;--quiet:#56616c;--line:#dde3e8;--page:#f6f8fa;--card:#fff;--accent:#0d6e85;--on:#fff}
@media (prefers-color-scheme:dark){:root{--text:#e7ebee;--quiet:#9aa6b1;--line:#2f363d;--page:#111417;--card:#191d21;--accent:#5cbdd4;--on:#06222a}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:16px;background:var(--page);color:var(--text);font:16px/1.55 ui-sans-serif,system-ui,"Segoe UI",Roboto,"Noto Sans CJK SC",sans-serif}
main{width:100%;max-width:440px;padding:32px;background:var(--card);border:1px solid var(--line);border-radius:14px}
h1{margin:0 0 12px;font-size:22px;line-height:1.3}
p{margin:0 0 12px;overflow-wrap:anywhere}
.quiet{color:var(--quiet);font-size:14px}
button{width:100%;min-height:44px;margin-top:12px;padding:8px 16px;font:inherit;font-weight:600;color:var(--on);background:var(--accent);border:0;border-radius:8px;cursor:pointer}
button:focus-visible{outline:3px solid var(--text);outline-offset:2px}
`
/** Nothing is loaded, nothing runs, nobody frames it, and the button leads nowhere else. */
export const confirmPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(styles).digest('base64')}'`,
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ')

export interface ConfirmPage {
  readonly language: string
  readonly title: string
  readonly lines: readonly string[]
  readonly quiet?: string
  /** The one button; it posts to this page's own address. */
  readonly button?: string
}

export function confirmPage({ language, title, lines, quiet, button }: ConfirmPage): string {
  return `<!doctype html>
<html lang="${escapeHtml(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>
<style>${styles}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${lines.map((line) => `<p>${escapeHtml(line)}</p>`).join('\n')}
${quiet === undefined ? '' : `<p class="quiet">${escapeHtml(quiet)}</p>`}
${button === undefined ? '' : `<form method="post"><button>${escapeHtml(button)}</button></form>`}
</main>
</body>
</html>
`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`)
}
