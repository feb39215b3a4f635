import { darkStyles, lightStyles } from './themes.ts'

/** 4 px grid, radius 6 for controls and 10 for bubbles, hairlines that divide; one accent for the visitor's own words. */
export const panelStyles = `
:host{${lightStyles}}
@media (prefers-color-scheme:dark){:host(:not([data-theme=light])){${darkStyles}}}
:host([data-theme=dark]){${darkStyles}}
.panel,.panel *{box-sizing:border-box}
.panel{position:fixed;right:20px;bottom:88px;width:380px;height:min(640px,calc(100vh - 108px));height:min(640px,calc(100dvh - 108px));
display:flex;flex-direction:column;overflow:hidden;background:var(--surface);color:var(--text);border:1px solid var(--line);border-radius:14px;
box-shadow:0 1px 3px #0002,0 16px 48px #0003;font:400 14px/1.45 var(--font);z-index:2147483001;text-align:start;animation:rise .16s ease}
:host([lang=zh]) .panel{line-height:1.6}
@keyframes rise{from{opacity:0;transform:translateY(8px)}}
.top{display:flex;align-items:center;gap:8px;padding:12px 8px 12px 16px;border-bottom:1px solid var(--line);flex:none}
.heading-text{flex:1;min-width:0}
h2{margin:0;font:600 16px/1.3 var(--font);overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
p{margin:0}
.hours{font-size:12px;color:var(--quiet);margin-top:2px}
button{font:inherit;color:inherit;border:0;background:none;padding:0;margin:0;cursor:pointer}
.tool{width:36px;height:36px;display:grid;place-items:center;border-radius:6px;color:var(--quiet);flex:none}
.tool:hover{background:var(--hover);color:var(--text)}
:focus-visible{outline:2px solid var(--ring);outline-offset:1px}
.panel .icon{width:20px;height:20px;stroke-width:1.75}
.banner{padding:8px 16px;background:var(--warn);color:var(--on-warn);font-size:13px;flex:none}
.list{position:relative;flex:1;min-height:0;display:flex}
.scroller{flex:1;overflow-y:auto;overscroll-behavior:contain;padding:16px 16px 8px;outline-offset:-2px}
.greeting{max-width:85%;background:var(--theirs);border-radius:10px;padding:8px 12px;white-space:pre-wrap;overflow-wrap:anywhere;width:fit-content}
.link{color:var(--text);text-decoration:underline;text-underline-offset:2px}
.older{display:block;margin:12px auto 0;font-size:12px;color:var(--quiet)}
.day{display:flex;align-items:center;gap:8px;margin:16px 0 8px;color:var(--quiet);font-size:12px}
.day::before,.day::after{content:"";flex:1;height:1px;background:var(--line)}
.message{display:flex;flex-direction:column;align-items:flex-start;margin-top:2px}
.message.last{margin-bottom:10px}
.mine{align-items:flex-end}
.sender{display:flex;align-items:center;gap:6px;margin:8px 0 4px;font-size:12px;color:var(--quiet)}
.avatar{position:relative;width:20px;height:20px;border-radius:50%;background:var(--line);color:var(--text);display:grid;place-items:center;
font-size:11px;font-weight:600;overflow:hidden}
.avatar img{position:absolute;inset:0;width:100%;height:100%;object-fit:cover}
.mark{border:1px solid var(--line);border-radius:4px;padding:0 4px;font-size:11px}
.words{max-width:85%;padding:8px 12px;border-radius:10px;background:var(--theirs);overflow-wrap:anywhere}
.mine .words{background:var(--accent);color:var(--on-accent)}
.bad .words{background:var(--theirs);color:var(--text)}
.words>*+*{margin-top:8px}
.plain{white-space:pre-wrap}
.words a{color:inherit;text-decoration:underline;text-underline-offset:2px}
.heading,strong{font-weight:600}
ul,ol{margin:0;padding-inline-start:20px}
blockquote,.quoted{margin:0;padding-inline-start:8px;border-inline-start:2px solid currentColor;opacity:.8}
.quoted{font-size:12px;display:-webkit-box;-webkit-line-clamp:2;-webkit-box-orient:vertical;overflow:hidden;margin-bottom:4px}
code{font:12.5px/1.5 ui-monospace,Menlo,Consolas,monospace;background:var(--code);border-radius:4px;padding:1px 4px}
pre{margin:0;padding:8px;border-radius:6px;background:var(--code);overflow-x:auto}
pre code{padding:0;background:none}
hr{border:0;border-top:1px solid var(--line);width:100%}
.meta{font-size:12px;color:var(--quiet);margin-top:3px;font-variant-numeric:tabular-nums}
.failed{display:flex;flex-wrap:wrap;justify-content:flex-end;align-items:center;gap:2px 8px;color:var(--bad)}
.failed .icon{width:16px;height:16px}
.failed .link{min-height:24px;color:inherit;font-weight:600}
.files{display:flex;flex-wrap:wrap;gap:4px;margin-top:4px;max-width:85%}
.mine .files{justify-content:flex-end}
.frame{display:block;border-radius:10px;overflow:hidden;background:var(--theirs);border:1px solid var(--line)}
.picture{display:block;width:200px;height:150px;object-fit:cover}
.card{display:flex;align-items:center;gap:8px;padding:8px 12px;min-height:40px;max-width:100%;border:1px solid var(--line);border-radius:10px;color:var(--text);
text-decoration:none;background:var(--surface)}
a.card:hover{background:var(--hover)}
.file-name{overflow:hidden;text-overflow:ellipsis;white-space:nowrap;min-width:0}
.file-size{color:var(--quiet);font-size:12px;white-space:nowrap}
progress{width:120px;height:4px;margin-top:4px;accent-color:var(--accent)}
.typing{height:20px;padding:0 16px;font-size:12px;color:var(--quiet);flex:none}
.jump{position:absolute;left:50%;bottom:8px;transform:translateX(-50%);display:flex;align-items:center;gap:4px;padding:6px 12px;border-radius:16px;
background:var(--text);color:var(--surface);font-size:12px;box-shadow:0 2px 8px #0003}
.panel .jump .icon{width:14px;height:14px}
.closed{padding:10px 16px;font-size:13px;border-bottom:1px solid var(--line);background:var(--theirs);flex:none}
.closed .link{display:inline-block;min-height:24px}
.place{padding:8px 16px;font-size:13px;border-top:1px solid var(--line);flex:none;font-variant-numeric:tabular-nums}
.email{padding:6px 16px 8px;font-size:12px;color:var(--quiet);flex:none;overflow-wrap:anywhere}
.email.bad .email-said{color:var(--bad)}
.email .link{font-size:12px;min-height:24px}
.email-line .link{margin-inline-start:4px}
.email-form label{display:block;margin-bottom:4px;color:var(--text)}
.email-row{display:flex;align-items:center;gap:8px}
.email input{flex:1;min-width:0;height:36px;padding:0 10px;border:1px solid var(--quiet);border-radius:6px;background:var(--surface);color:var(--text);font:inherit;font-size:14px}
.email-send{height:36px;padding:0 12px;border-radius:6px;background:var(--accent);color:var(--on-accent);font-weight:600}
.email-send[disabled]{opacity:.6}
.email .problem{padding:4px 0 0}
.maybe{border-top:1px solid var(--line);padding:8px 8px 4px 16px;flex:none;font-size:13px}
.maybe-top{display:flex;align-items:center;justify-content:space-between;color:var(--quiet);font-size:12px}
.maybe-top button{width:28px;height:28px;display:grid;place-items:center;border-radius:6px}
.panel .maybe .icon{width:16px;height:16px;flex:none}
.maybe ul{list-style:none;padding:0;margin:0}
.maybe li button{display:flex;align-items:center;gap:8px;width:100%;min-height:32px;padding:4px 6px;margin-inline-start:-6px;border-radius:6px;text-align:start}
.maybe li button:hover{background:var(--hover)}
.article{position:absolute;inset:0;display:flex;flex-direction:column;background:var(--surface);animation:rise .16s ease}
.article-text{flex:1;overflow-y:auto;padding:16px;overflow-wrap:anywhere;font-size:15px}
.article-text>*+*{margin-top:12px}
.article-text h2{font-size:19px;white-space:normal}
.article-text .heading{font-size:16px;margin-top:20px}
.article-text li+li{margin-top:6px}
.article-text a{color:inherit;text-decoration:underline;text-underline-offset:2px}
.topics{margin-top:16px}
.topics p{font-size:12px;color:var(--quiet);margin-bottom:6px}
.topics-list{display:flex;flex-wrap:wrap;gap:6px}
.topics button{min-height:36px;padding:6px 12px;border:1px solid var(--line);border-radius:10px;text-align:start;background:var(--surface)}
.topics button:hover,.form-attach:hover,button.card:hover{background:var(--hover)}
.form-card{margin-top:4px;font-weight:600}
.form-body{flex:1;overflow-y:auto;overscroll-behavior:contain;padding:16px}
.field{margin-bottom:16px}
.field label{display:block;margin-bottom:4px;font-weight:600;overflow-wrap:anywhere}
.field label span{font-weight:400;color:var(--quiet)}
.hint{font-size:12px;color:var(--quiet);margin-bottom:4px}
.field select,.field input,.field textarea{display:block;width:100%;min-height:40px;padding:8px 10px;border:1px solid var(--quiet);border-radius:6px;
background:var(--surface);color:var(--text);font:inherit;max-height:none}
.field textarea{resize:vertical}
.field :is(select,input,textarea):focus-visible{outline:2px solid var(--ring);outline-offset:1px}
.field [aria-invalid=true]{border-color:var(--bad)}
.wrong{color:var(--bad);font-size:12px;margin-top:4px}
.form-attach{display:flex;align-items:center;gap:6px;min-height:36px;padding:4px 10px;border:1px solid var(--line);border-radius:6px}
.field .chips:not(:empty){padding:8px 0 0}
.form-send{width:100%;min-height:44px;margin-top:8px;border-radius:6px;background:var(--accent);color:var(--on-accent);font-weight:600}
.form-send[disabled]{opacity:.6}
.composer{border-top:1px solid var(--line);padding:8px;flex:none}
.entry{display:flex;align-items:flex-end;gap:4px}
textarea{flex:1;min-width:0;resize:none;border:1px solid transparent;border-radius:6px;background:none;color:inherit;font:inherit;padding:7px 4px;max-height:160px;outline:0}
textarea:focus-visible{outline:0}
textarea::placeholder{color:var(--quiet);opacity:1}
.composer:focus-within .entry{box-shadow:0 0 0 2px var(--ring);border-radius:8px}
.send{background:var(--accent);color:var(--on-accent)}
.send:hover{background:var(--accent);color:var(--on-accent);filter:brightness(1.08)}
.send[disabled]{background:var(--hover);color:var(--quiet);cursor:default;filter:none}
.chips{display:flex;flex-wrap:wrap;gap:4px}
.chips:not(:empty){padding:0 0 8px}
.chip{display:flex;align-items:center;gap:4px;max-width:100%;padding:2px 2px 2px 8px;border:1px solid var(--line);border-radius:6px;font-size:12px}
.chip span{overflow:hidden;text-overflow:ellipsis;white-space:nowrap;max-width:200px}
.chip button{width:24px;height:24px;display:grid;place-items:center;border-radius:4px}
.panel .chip .icon{width:14px;height:14px}
.problem{color:var(--bad);font-size:12px;padding:0 8px 8px}
.drop{display:none;position:absolute;inset:8px;border:2px dashed var(--ring);border-radius:10px;background:var(--surface);place-items:center;font-weight:600}
.dropping .drop{display:grid}
@media (max-width:480px){.panel{inset:0;width:auto;height:auto;border:0;border-radius:0;
padding:env(safe-area-inset-top) env(safe-area-inset-right) env(safe-area-inset-bottom) env(safe-area-inset-left)}
textarea,.email input,.field :is(select,input,textarea){font-size:16px}.field :is(select,input),.topics button,.form-attach{min-height:44px}.email input,.email-send,.email .link{min-height:44px}.tool{width:44px;height:44px}textarea{padding:10px 4px}.chip button{width:32px;height:32px}.maybe li button{min-height:44px}.maybe-top button{width:44px;height:44px}}
@media (prefers-reduced-motion:reduce){.panel,.article{animation:none}}
@media (prefers-contrast:more){.panel{--line:currentColor;--quiet:var(--text)}}
@media (forced-colors:active){.mine .words{border:1px solid}}
@media print{.panel{display:none}}
`
