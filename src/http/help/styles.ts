import type { HelpSettings } from '../../domain/help-settings.ts'
import { accentFor } from './accent.ts'

/** Everything the pages look like; colours come from `themeStyles`. Longer than wide tables, nothing scrolls sideways. */
export const pageStyles = `
*{box-sizing:border-box}
html{scroll-padding-top:24px;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.6 var(--font);overflow-wrap:anywhere}
:lang(zh),:lang(ja){line-height:1.75}
:lang(ko){word-break:keep-all}
a{color:var(--accent);text-underline-offset:3px;text-decoration-thickness:1px}
a:hover{text-decoration-thickness:2px}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
.skip{position:absolute;left:-9999px;top:8px;padding:8px 16px;background:var(--card);z-index:1}
.skip:focus{left:16px}
.wide{max-width:1080px;margin-inline:auto;padding-inline:24px}
.top{border-bottom:1px solid var(--line);background:var(--card)}
.top .wide{display:flex;align-items:center;gap:8px 24px;min-height:64px;flex-wrap:wrap;padding-block:8px}
.brand{display:flex;align-items:center;gap:12px;font-weight:600;font-size:17px;color:var(--text);text-decoration:none;margin-inline-end:auto;min-height:44px}
.brand img{height:32px;width:auto;max-width:160px;display:block}
.seek{display:flex;gap:8px;width:100%}
.seek input{flex:1;min-width:0;min-height:44px;padding:8px 14px;font:inherit;color:var(--text);background:var(--page);border:1px solid var(--control);border-radius:var(--radius)}
.seek input::placeholder{color:var(--quiet);opacity:1}
.seek button,.ask button{min-height:44px;padding:8px 18px;font:inherit;font-weight:600;color:var(--on-accent);background:var(--accent);border:0;border-radius:var(--radius);cursor:pointer;white-space:nowrap}
.top .seek button{display:none}
.seeking{position:relative;width:100%}
.top .seeking{width:min(340px,100%)}
.hits{position:absolute;z-index:2;inset-inline:0;top:calc(100% + 4px);margin:0;padding:6px;list-style:none;background:var(--card);border:1px solid var(--line);border-radius:var(--radius);box-shadow:0 8px 28px #0002;text-align:start}
.hits a{display:block;padding:9px 12px;border-radius:6px;color:var(--text);text-decoration:none;line-height:1.4}
.hits a:hover,.hits a:focus{background:var(--page)}
.hits small{display:block;color:var(--quiet);font-size:13px}
.hero{text-align:center;padding-block:64px 40px}
.hero h1{font-size:clamp(28px,5vw,40px);line-height:1.2;letter-spacing:-.015em;margin:0 0 24px}
.hero .seeking{max-width:560px;margin-inline:auto}
.hero .seek input{background:var(--card)}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(300px,100%),1fr));gap:20px;padding:0 0 64px;margin:0;list-style:none}
.card{padding:22px 24px;background:var(--card);border:1px solid var(--line);border-radius:var(--radius)}
.card h2{margin:0 0 4px;font-size:18px;line-height:1.35}
.card h2 a{color:var(--text);text-decoration:none}
.card h2 a:hover{text-decoration:underline}
.card p{margin:0 0 10px;color:var(--quiet);font-size:14.5px}
.plain{list-style:none;margin:0;padding:0}
.card li a{display:block;padding:4px 0;line-height:1.45}
.plain a,.foot a,.trail a,.more a{text-decoration:none}
.plain a:hover,.foot a:hover,.trail a:hover,.more a:hover{text-decoration:underline}
.card .more{margin:8px 0 0}
.card .more a{font-size:14.5px}
main{padding-block:8px 64px}
.trail{font-size:14.5px;color:var(--quiet);padding-block:20px 4px;margin:0}
.trail a{color:inherit;display:inline-block;padding-block:2px}
.trail span{margin-inline:8px}
.page{display:grid;grid-template-columns:minmax(0,var(--measure)) 220px;gap:0 56px;align-items:start}
.page>header,.page>.text{grid-column:1}
.page>.toc{grid-column:2;grid-row:1/span 2}
.page.alone{grid-template-columns:minmax(0,var(--measure))}
.page h1,.list h1{font-size:clamp(26px,4vw,34px);line-height:1.25;letter-spacing:-.015em;margin:8px 0 8px}
.lead{font-size:18px;color:var(--quiet);margin:0 0 12px}
.when{font-size:14px;color:var(--quiet);margin:0 0 28px}
.note{padding:10px 16px;border-inline-start:3px solid var(--accent);background:var(--card);border-radius:4px;margin:0 0 20px;font-size:15px}
.text>:first-child{margin-top:0}
.text h2{font-size:22px;line-height:1.35;margin:40px 0 12px}
.text h3{font-size:18px;line-height:1.4;margin:28px 0 8px}
.text h4{font-size:16px;margin:24px 0 8px}
.text p,.text ul,.text ol,.text blockquote,.text pre,.text figure{margin:0 0 16px}
.text li{margin-bottom:6px}
.text li>p{margin-bottom:8px}
.text ul,.text ol{padding-inline-start:26px}
.text blockquote{padding:4px 0 4px 18px;border-inline-start:3px solid var(--line);color:var(--quiet)}
.text blockquote>:last-child{margin-bottom:0}
.text img,.text video{max-width:100%;height:auto;border-radius:var(--radius);border:1px solid var(--line);display:block}
.text video{width:100%;background:#000;aspect-ratio:16/9;object-fit:contain}
.text p img{display:inline-block;vertical-align:middle}
figcaption{font-size:14px;color:var(--quiet);margin-top:6px}
code{font:0.9em/1.5 ui-monospace,"SF Mono",Menlo,Consolas,monospace;background:var(--code);border-radius:4px;padding:2px 5px}
pre{position:relative;background:var(--code);border:1px solid var(--line);border-radius:var(--radius);padding:14px 16px;overflow-x:auto;overflow-wrap:normal}
pre code{background:none;padding:0;font-size:14px}
.box{position:relative}
.copy{position:absolute;top:7px;inset-inline-end:7px;min-height:30px;padding:2px 10px;font:13px/1.4 var(--font);color:var(--text);background:var(--card);border:1px solid var(--control);border-radius:6px;cursor:pointer}
hr{border:0;border-top:1px solid var(--line);margin:32px 0}
.toc{position:sticky;top:24px;font-size:14.5px;line-height:1.45;padding-top:20px}
.toc h2{font-size:14.5px;font-weight:600;margin:0 0 8px}
.toc li{margin:0}
.toc a{display:block;padding:4px 0 4px 14px;border-inline-start:2px solid var(--line);color:var(--quiet);text-decoration:none}
.toc a:hover{color:var(--text);border-color:var(--accent)}
.toc .d3 a{padding-inline-start:28px}
.ask{margin-top:48px;padding-top:20px;border-top:1px solid var(--line);display:flex;align-items:center;gap:12px;flex-wrap:wrap}
.ask h2{font-size:16px;margin:0}
.ask form{display:flex;gap:8px}
.ask button{background:none;color:var(--text);border:1px solid var(--control);min-width:64px}
.ask button:hover{border-color:var(--accent);color:var(--accent)}
.ask p{margin:0}
.list{max-width:var(--measure)}
.list .plain>li{border-top:1px solid var(--line);padding:14px 0}
.list .plain>li:first-child{border-top:0}
.list .plain a{font-weight:600;font-size:17px}
.list .plain p{margin:2px 0 0;color:var(--quiet);font-size:15px}
.list .seeking{margin-bottom:20px}
.foot{border-top:1px solid var(--line);padding-block:24px;font-size:14.5px}
.foot ul{display:flex;flex-wrap:wrap;gap:4px 20px;list-style:none;margin:0;padding:0}
.foot a{color:var(--quiet);display:inline-block;padding-block:5px}
.foot a[aria-current]{color:var(--text);font-weight:600;text-decoration:none}
.gone{text-align:center;padding-block:96px}
.foot .wide{display:flex;flex-wrap:wrap;gap:8px 32px;align-items:center;justify-content:space-between}
.foot .write{color:var(--text);font-weight:600}
.topics{max-width:520px}
.list .topics>li{padding:0}
.list .topics a{display:block;padding:12px 0}
.list h2{font-size:18px;margin:20px 0 4px}
.about a{margin-inline-start:12px;font-size:15px}
.contact{max-width:560px}
.field{margin:0 0 20px}
.field label{display:block;font-weight:600}
.field small{display:block;color:var(--quiet);font-size:14px}
.field input,.field select,.field textarea{display:block;width:100%;margin-top:6px;min-height:44px;padding:9px 14px;font:inherit;color:var(--text);background:var(--card);border:1px solid var(--control);border-radius:var(--radius)}
.field textarea{resize:vertical}
.field [aria-invalid]{border-color:var(--bad);box-shadow:inset 0 0 0 1px var(--bad)}
.problem,.wrong{color:var(--bad);margin:6px 0 0}
.wrong{padding:10px 16px;border-inline-start:3px solid var(--bad);background:var(--card);border-radius:4px;margin:0 0 20px}
.hanging{padding-inline-start:16px;border-inline-start:3px solid var(--line);margin:0 0 20px}
.hanging .field{margin:0}
.only,.quiet{color:var(--quiet);font-size:14.5px}
.only{margin:0 0 4px}
.contact button,.button{display:inline-block;min-height:44px;padding:9px 22px;font:inherit;font-weight:600;color:var(--on-accent);background:var(--accent);border:0;border-radius:var(--radius);cursor:pointer;text-decoration:none}
.contact button[disabled]{opacity:.6}
.trap{position:absolute;left:-9999px;height:1px;overflow:hidden}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (max-width:900px){.page{grid-template-columns:minmax(0,var(--measure))}.page>.toc{position:static;grid-column:1;grid-row:auto;padding:14px 18px;margin:0 0 24px;background:var(--card);border:1px solid var(--line);border-radius:var(--radius)}.toc a{padding-block:7px}}
@media (max-width:600px){.wide{padding-inline:16px}.hero{padding-block:36px 24px}.top .seeking{width:100%}.brand{width:100%}}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
@media print{.top,.foot,.ask,.toc,.skip,.copy,.trail{display:none}body{background:#fff;color:#000;font-size:11pt}.page{display:block}.text a[href^="http"]::after{content:" (" attr(href) ")";font-size:.85em}pre,blockquote,figure{break-inside:avoid}h2,h3{break-after:avoid}video{display:none}}
`

const light: Readonly<Record<string, string>> = {
  page: '#f6f8fa',
  card: '#ffffff',
  text: '#171c21',
  quiet: '#56616c',
  line: '#dde3e8',
  control: '#87929c',
  code: '#eaeff3',
  font: 'ui-sans-serif,system-ui,"Segoe UI",Roboto,"PingFang SC","Hiragino Sans","Apple SD Gothic Neo","Noto Sans CJK SC",sans-serif',
  radius: '10px',
  measure: '68ch',
  bad: '#b3261e',
}
const dark: Readonly<Record<string, string>> = {
  page: '#111417',
  card: '#191d21',
  text: '#e7ebee',
  quiet: '#9aa6b1',
  line: '#2f363d',
  control: '#6b7680',
  code: '#22282e',
  bad: '#ff9a90',
}

/** The installation's own colours, over ours. */
export function themeStyles({ accent, variables, darkVariables }: HelpSettings): string {
  const inLight = accentFor(accent, 'light')
  const inDark = accentFor(accent, 'dark')
  const day = { ...light, accent: inLight.accent, 'on-accent': inLight.on, ...variables }
  const night = { ...dark, accent: inDark.accent, 'on-accent': inDark.on, ...darkVariables }
  return `:root{color-scheme:light dark;${declared(day)}}\n@media (prefers-color-scheme:dark){:root{${declared(night)}}}\n`
}

function declared(variables: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(variables)
    .flatMap(([name, value]) => (value === undefined ? [] : [`--${name}:${value}`]))
    .join(';')
}
