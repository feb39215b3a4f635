export const demoStyles = `
:root{color-scheme:light dark;--text:#171c21;--quiet:#56616c;--line:#dde3e8;--page:#f6f8fa;--card:#fff;--accent:#0d6e85}
@media (prefers-color-scheme:dark){:root{--text:#e7ebee;--quiet:#9aa6b1;--line:#2f363d;--page:#111417;--card:#191d21;--accent:#5cbdd4}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.55 ui-sans-serif,system-ui,"Segoe UI",Roboto,sans-serif}
header,main,footer{max-width:960px;margin:0 auto;padding:0 24px}
header{display:flex;align-items:center;gap:24px;height:72px}
header b{font-size:20px;letter-spacing:-.01em}
nav{display:flex;gap:20px;color:var(--quiet);font-size:15px}
h1{font-size:clamp(32px,6vw,52px);line-height:1.1;letter-spacing:-.02em;margin:64px 0 16px;max-width:16ch}
.lead{color:var(--quiet);font-size:18px;max-width:52ch;margin:0 0 40px}
table{width:100%;border-collapse:collapse;background:var(--card);border:1px solid var(--line);border-radius:10px;overflow:hidden;font-variant-numeric:tabular-nums}
td,th{text-align:left;padding:12px 16px;border-top:1px solid var(--line);font-weight:400}
th{color:var(--quiet);font-size:14px;border-top:0}
td:last-child,th:last-child{text-align:right}
footer{color:var(--quiet);font-size:14px;padding-block:40px 120px}
.hint{border:1px solid var(--line);border-left:3px solid var(--accent);background:var(--card);padding:12px 16px;border-radius:6px}
`

const rows = [
  ['Bitcoin', 'BTC', '61,204.10'],
  ['Ether', 'ETH', '3,018.55'],
  ['Solana', 'SOL', '142.07'],
  ['Tether', 'USDT', '1.00'],
]

/** A plain page as a customer might have it; the script at its end is all that Tributary adds. */
export function demoPage(inboxId: string | null, attributes: Readonly<Record<string, string>>): string {
  const extra = Object.entries(attributes)
    .map(([name, value]) => ` data-${name}="${escapeHtml(value)}"`)
    .join('')
  const script =
    inboxId === null ? '' : `<script src="/widget.js" data-inbox="${escapeHtml(inboxId)}"${extra} async></script>`
  const hint =
    '<p class="hint">There is no website inbox yet. Add one under Settings, Inboxes, then reload this page.</p>'
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Northstar</title>
<link rel="icon" href="data:,">
<style>${demoStyles}</style>
</head>
<body>
<header><b>Northstar</b><nav><span>Markets</span><span>Earn</span><span>Fees</span><span>Help</span></nav></header>
<main>
${inboxId === null ? hint : ''}
<h1>Trade with a steady hand.</h1>
<p class="lead">Northstar is an imaginary exchange. Its support team is real: write to it with the button at the bottom right.</p>
<table><thead><tr><th>Asset</th><th></th><th>Price, USD</th></tr></thead><tbody>${body}</tbody></table>
</main>
<footer>Prices are made up. Nothing here can be bought.</footer>
${script}
</body>
</html>
`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`)
}
