/** Nothing inherits from the page: `all: initial` on the host. The launcher is all that shows before the first press. */
export const loaderStyles = `
:host{all:initial;--font:ui-sans-serif,system-ui,"Segoe UI",Roboto,"PingFang SC","Hiragino Sans","Apple SD Gothic Neo","Noto Sans CJK SC",sans-serif}
.launcher{position:fixed;right:20px;bottom:20px;width:56px;height:56px;padding:0;border:0;border-radius:50%;display:grid;place-items:center;
background:var(--accent);color:var(--on-accent);cursor:pointer;z-index:2147483000;box-shadow:0 1px 2px #0003,0 6px 20px #0004;
-webkit-tap-highlight-color:transparent;transition:transform .14s ease}
.launcher:hover{transform:scale(1.04)}
.launcher:focus-visible{outline:2px solid var(--accent);outline-offset:3px}
.icon{width:26px;height:26px;fill:none;stroke:currentColor;stroke-width:1.9;stroke-linecap:round;stroke-linejoin:round;grid-area:1/1;
transition:opacity .14s ease,transform .14s ease}
.cross{opacity:0;transform:rotate(-45deg) scale(.7)}
:host([data-open]) .cross{opacity:1;transform:none}
:host([data-open]) .bubble{opacity:0;transform:rotate(45deg) scale(.7)}
.badge{position:absolute;top:-3px;right:-3px;min-width:20px;height:20px;box-sizing:border-box;padding:0 5px;border-radius:10px;
background:#c62828;color:#fff;font:600 12px/20px var(--font);text-align:center;font-variant-numeric:tabular-nums}
[hidden]{display:none!important}
@media (max-width:480px){:host([data-open]) .launcher{display:none}}
@media (prefers-reduced-motion:reduce){.launcher,.icon{transition:none}}
@media print{.launcher{display:none}}
`
