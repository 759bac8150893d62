// The look of all reports, on screen (light and dark) and on paper. No style attributes anywhere: the pages' policy allows
// this text alone.

export const reportStyles = `
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--paper:#fff;--card:#f6f8fa;--line:#d0d7de;--accent:#0a5ea8;--right:#1a7f37;--wrong:#b42318;--unknown:#7a5b00;--missing:#57606a;--mark:#fff1c2}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#a3acb8;--paper:#14181d;--card:#1d232a;--line:#3a424c;--accent:#7cb7f2;--right:#5fd07a;--wrong:#ff8f84;--unknown:#e3b341;--missing:#a3acb8;--mark:#4a3b0c}}
*{box-sizing:border-box}
html{scroll-behavior:smooth}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:72rem;margin:0 auto;padding:1.5rem 1.25rem 4rem}
h1{font-size:1.75rem;line-height:1.2;margin:0 0 .25rem}
h2{font-size:1.25rem;margin:2.5rem 0 .75rem;padding-bottom:.35rem;border-bottom:1px solid var(--line)}
h3{font-size:1rem;margin:1.5rem 0 .5rem}
p{margin:.5rem 0;max-width:65ch}
a{color:var(--accent)}
a:focus-visible,summary:focus-visible,[tabindex]:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.soft{color:var(--soft)}
.small{font-size:.875rem}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;padding:0;margin:1rem 0 0;list-style:none}
dl.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.75rem;margin:1rem 0}
dl.facts div{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.6rem .8rem}
dl.facts dt{color:var(--soft);font-size:.8125rem}
dl.facts dd{margin:0;font-size:1.375rem;font-weight:600;font-variant-numeric:tabular-nums}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.9375rem}
caption{text-align:left;color:var(--soft);font-size:.875rem;padding-bottom:.35rem}
th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid var(--line)}
thead th{color:var(--soft);font-weight:600;font-size:.8125rem;white-space:nowrap}
tbody th{font-weight:500}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.group{display:block;font-size:.8125rem;color:var(--soft)}
.pre{white-space:pre-wrap;overflow-wrap:anywhere}
code,pre{font-family:ui-monospace,"Cascadia Mono",Consolas,monospace;font-size:.875em}
pre{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.6rem .75rem;overflow-x:auto;margin:.5rem 0;line-height:1.45}
pre mark{background:var(--mark);color:inherit;display:block;margin:0 -.75rem;padding:0 .75rem}
pre .no{color:var(--soft);user-select:none}
.state{font-weight:600;white-space:nowrap}
.right{color:var(--right)}.wrong{color:var(--wrong)}.unknown{color:var(--unknown)}.missing{color:var(--missing)}
svg{display:block;max-width:100%}
svg text{fill:var(--ink);font:12px system-ui,sans-serif}
svg .axis{stroke:var(--line)}
svg .bar{fill:var(--accent)}
svg .f-right{fill:var(--right)}svg .f-wrong{fill:var(--wrong)}svg .f-unknown{fill:var(--unknown)}svg .f-missing{fill:var(--line)}
.check{border:1px solid var(--line);border-left-width:.35rem;border-radius:.5rem;padding:.75rem 1rem;margin:.75rem 0}
.check.k-right{border-left-color:var(--right)}.check.k-wrong{border-left-color:var(--wrong)}.check.k-unknown{border-left-color:var(--unknown)}.check.k-missing{border-left-color:var(--missing)}
.check h4{margin:0;font-size:1rem;font-weight:600}
.check p:last-child{margin-bottom:0}
.legend{display:flex;flex-wrap:wrap;gap:.25rem 1rem;padding:0;margin:.25rem 0 .75rem;list-style:none;font-size:.875rem}
.sides{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(20rem,100%),1fr));gap:.75rem}
.total th,.total td{border-top:2px solid var(--ink);font-weight:600}
footer{margin-top:3rem;border-top:1px solid var(--line);padding-top:.75rem;color:var(--soft);font-size:.8125rem;overflow-wrap:anywhere}
@media print{
:root{color-scheme:light;--ink:#000;--soft:#444;--paper:#fff;--card:#fff;--line:#999;--accent:#0a4a85;--right:#14602a;--wrong:#8f1b12;--unknown:#5c4400;--missing:#444;--mark:#eee}
body{font-size:10.5pt}main{max-width:none;padding:0}nav{display:none}
h2,h3,h4{break-after:avoid}.check,tr,dl.facts div,svg,.sides{break-inside:avoid}thead{display:table-header-group}
pre{white-space:pre-wrap}a{color:inherit;text-decoration:none}.scroll{overflow:visible}
}
`;
