import { createHash } from 'node:crypto'

export const progressStyles = `
:root{color-scheme:light dark;--text:#171c21;--quiet:#56616c;--line:#dde3e8;--page:#f6f8fa;--card:#fff;--own:#e4f1f5;--accent:#0d6e85;--code:#eaeff3}
@media (prefers-color-scheme:dark){:root{--text:#e7ebee;--quiet:#9aa6b1;--line:#2f363d;--page:#111417;--card:#191d21;--own:#12303a;--accent:#5cbdd4;--code:#22282e}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.55 ui-sans-serif,system-ui,"Segoe UI",Roboto,"PingFang SC","Hiragino Sans","Apple SD Gothic Neo","Noto Sans CJK SC",sans-serif;overflow-wrap:anywhere}
main{max-width:720px;margin:0 auto;padding:40px 24px 64px}
.place{margin:0 0 8px;color:var(--quiet);font-size:15px}
.case{padding:24px 28px;background:var(--card);border:1px solid var(--line);border-radius:12px}
h1{margin:0;font-size:26px;line-height:1.25;letter-spacing:-.01em;font-variant-numeric:tabular-nums}
.subject{margin:6px 0 0;font-size:17px}
.state{display:flex;align-items:center;gap:10px;margin:18px 0 0;font-weight:600;font-size:17px}
.dot{flex:none;width:12px;height:12px;border-radius:50%;background:var(--accent)}
.over .dot{background:none;border:2px solid var(--quiet)}
.facts{margin:8px 0 0;padding:0;list-style:none;color:var(--quiet);font-size:15px}
.facts li{margin-top:2px}
time{white-space:nowrap}
h2{margin:32px 0 12px;font-size:17px}
.said{margin:0;padding:0;list-style:none}
.said>li{max-width:85%;margin:0 auto 12px 0;padding:12px 16px;background:var(--card);border:1px solid var(--line);border-radius:12px}
.said>.own{margin:0 0 12px auto;background:var(--own);border-color:transparent}
.who{margin:0 0 4px;font-size:14px;color:var(--quiet)}
.who b{color:var(--text);font-weight:600}
.text p,.text ul,.text ol,.text pre,.text blockquote{margin:0 0 8px}
.text>:last-child{margin-bottom:0}
.text h1,.text h2,.text h3,.text h4,.text h5,.text h6{margin:0 0 8px;font-size:17px;letter-spacing:0}
.plain{white-space:pre-wrap}
.text pre{padding:8px 12px;background:var(--code);border-radius:8px;overflow-x:auto}
.text blockquote{padding-inline-start:12px;border-inline-start:3px solid var(--line);color:var(--quiet)}
a{color:var(--accent)}
.text ul{list-style:disc}
.files{margin:8px 0 0;padding:0;list-style:none;display:flex;flex-wrap:wrap;align-items:flex-start;gap:8px 12px}
.files li{max-width:min(240px,100%)}
.files img{display:block;max-width:100%;max-height:200px;border-radius:8px;border:1px solid var(--line)}
.files a{display:inline-block;min-height:28px}
.quiet{color:var(--quiet);font-size:15px}
.said .quiet{margin:0}
.said+.quiet{margin-top:24px}
a:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:4px}
@media (max-width:600px){main{padding:20px 16px 48px}.case{padding:20px}.said>li{max-width:94%}}
@media print{body{background:#fff;color:#000}.said>li,.case{break-inside:avoid}}
`

/** Nothing runs, nothing is loaded but what we signed, nobody frames it, and nothing can be posted. */
export const progressPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(progressStyles).digest('base64')}'`,
  "img-src 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ')
