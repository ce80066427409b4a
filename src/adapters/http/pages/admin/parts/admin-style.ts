import { createHash } from 'node:crypto';

// Contrast: text at least 4.5 to 1, meaningful lines at least 3 to 1 (WCAG 2.2, 1.4.3 and 1.4.11).
const LIGHT = `
  --ground: #f4f5f7; --surface: #ffffff; --ink: #18212f; --muted: #4f5b6b; --line: #d3d9e2; --accent: #1d4ed8;
  --trunk: #526075; --trunk-soft: #e6eaf0; --holder: #1d4ed8; --holder-soft: #dce7ff;
  --presenter: #a84a06; --presenter-soft: #fde9d3; --alarm: #b4151b; --alarm-soft: #fdecec; --good: #13703c; --good-soft: #e5f5ea;`;

const DARK = `
  --ground: #0e1218; --surface: #171d26; --ink: #e7ebf1; --muted: #a3b0c1; --line: #313c4b; --accent: #8db5ff;
  --trunk: #a9b6c8; --trunk-soft: #2a3442; --holder: #86b0ff; --holder-soft: #1d3157;
  --presenter: #f7ae56; --presenter-soft: #46310f; --alarm: #ff938a; --alarm-soft: #3f1b1c; --good: #74d19a; --good-soft: #12321f;`;

const PAGE = `
  * { box-sizing: border-box; }
  html { background: var(--ground); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; -webkit-text-size-adjust: 100%; }
  body { margin: 0; }
  header { display: flex; flex-wrap: wrap; align-items: center; gap: .4rem 1.5rem; padding: .7rem clamp(1rem, 4vw, 2.5rem); border-bottom: 1px solid var(--line); background: var(--surface); }
  header p, header form { margin: 0; }
  .brand { font-weight: 700; letter-spacing: -.01em; }
  nav { display: flex; gap: 1.25rem; }
  .visitor { display: flex; flex-wrap: wrap; align-items: center; gap: .75rem; margin-left: auto; color: var(--muted); font-size: .9rem; overflow-wrap: anywhere; }
  main { max-width: 76rem; margin: 0 auto; padding: 1.5rem clamp(1rem, 4vw, 2.5rem) 4rem; outline: 0; }
  .narrow main { max-width: 30rem; }
  h1 { margin: .6rem 0 1rem; font-size: clamp(1.5rem, 4vw, 2rem); line-height: 1.2; letter-spacing: -.02em; overflow-wrap: anywhere; }
  h2 { margin: 2.5rem 0 .75rem; font-size: 1.2rem; line-height: 1.3; letter-spacing: -.01em; }
  a { color: var(--accent); text-underline-offset: .18em; text-decoration-thickness: .06em; }
  a:focus-visible, button:focus-visible, input:focus-visible, [tabindex="0"]:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
  .skip { position: absolute; left: -99rem; }
  .skip:focus { left: 1rem; top: .5rem; padding: .4rem .8rem; background: var(--surface); }
  .card { padding: 1.25rem 1.5rem 1.5rem; border: 1px solid var(--line); border-radius: 12px; background: var(--surface); }
  label { display: block; margin: .75rem 0 .3rem; font-weight: 600; }
  input { width: 100%; padding: .6rem .75rem; border: 1px solid var(--muted); border-radius: 8px; background: var(--ground); color: var(--ink); font: inherit; }
  button { margin-top: 1.25rem; padding: .6rem 1.3rem; border: 1px solid transparent; border-radius: 8px; background: var(--accent); color: var(--surface); font: inherit; font-weight: 600; cursor: pointer; }
  .quiet { margin: 0; padding: .25rem .8rem; border-color: var(--line); background: transparent; color: var(--ink); font-weight: 400; }
  .notice { margin: 0 0 1.25rem; padding: .85rem 1.1rem; border-left: 5px solid var(--good); border-radius: 8px; background: var(--good-soft); }
  .notice.alarm { border-color: var(--alarm); background: var(--alarm-soft); }
  .notice.plain { border-color: var(--trunk); background: var(--trunk-soft); }
  .notice p { margin: .35rem 0 0; }
  .verdict { font-size: 1.06rem; }
  .muted { color: var(--muted); }
  .facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(13rem, 100%), 1fr)); gap: .9rem 2rem; margin: 1.25rem 0 0; }
  .facts dt { color: var(--muted); font-size: .82rem; }
  .facts dd { margin: 0; overflow-wrap: anywhere; }
  code, .id { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .88em; }
  a.id { text-underline-offset: .3em; }
  .id { display: inline-block; min-width: 9ch; overflow-wrap: anywhere; }
  .short { white-space: nowrap; }
  bdi { overflow-wrap: anywhere; }
  .party { display: block; }
  .party + .party { color: var(--muted); font-size: .92em; }`;

const TABLES = `
  table { width: 100%; border-collapse: collapse; border: 1px solid var(--line); background: var(--surface); font-size: .93rem; font-variant-numeric: tabular-nums; }
  th, td { padding: .55rem .8rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; overflow-wrap: break-word; }
  th { color: var(--muted); font-size: .82rem; font-weight: 600; white-space: nowrap; }
  time { white-space: nowrap; }
  tr.alarm td:first-child { box-shadow: inset 4px 0 var(--alarm); }
  tr.presenter td:first-child { box-shadow: inset 4px 0 var(--presenter); }
  tr.holder td:first-child { box-shadow: inset 4px 0 var(--holder); }
  tr:target td { background: var(--trunk-soft); }
  tr { scroll-margin-top: 1rem; }
  @media screen and (max-width: 46rem) {
    table, tbody, tr, td { display: block; border: 0; }
    table { background: none; }
    thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
    tr { margin-bottom: .75rem; padding: .5rem 0; border: 1px solid var(--line); border-radius: 10px; background: var(--surface); }
    td { display: grid; grid-template-columns: 6.5rem 1fr; gap: .75rem; padding: .25rem .9rem; }
    tr.alarm { border-left: 4px solid var(--alarm); }
    tr.presenter { border-left: 4px solid var(--presenter); }
    tr.holder { border-left: 4px solid var(--holder); }
    tr[class] td:first-child { box-shadow: none; }
    td > div { min-width: 0; overflow-wrap: anywhere; }
    td::before { content: attr(data-label); color: var(--muted); font-size: .85rem; }
  }`;

const PICTURE = `
  figure { margin: 1.5rem 0 0; }
  .picture { overflow-x: auto; padding: 1rem 0 .5rem; border: 1px solid var(--line); border-radius: 12px; background: var(--surface); }
  .picture svg, .legend svg { display: block; }
  .picture svg { margin: 0 auto; }
  svg text { fill: var(--ink); font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; font-variant-numeric: tabular-nums; }
  svg .caption { fill: var(--muted); font-size: 11px; font-weight: 600; letter-spacing: .04em; text-transform: uppercase; }
  svg .tick { fill: var(--muted); font-size: 11px; }
  svg .flag { font-weight: 600; }
  svg .flag.alarm { fill: var(--alarm); }
  svg .grid { stroke: var(--line); }
  svg .cut { stroke: var(--alarm); stroke-width: 2; }
  svg .fork { stroke: var(--trunk); stroke-width: 1.5; stroke-dasharray: 2 4; }
  svg .lane { fill: none; stroke-width: 3; }
  svg .shape { stroke-width: 2.5; }
  svg .both { --tone: var(--trunk); --soft: var(--trunk-soft); }
  svg .holder { --tone: var(--holder); --soft: var(--holder-soft); }
  svg .presenter { --tone: var(--presenter); --soft: var(--presenter-soft); }
  svg .alarm { --tone: var(--alarm); --soft: var(--alarm-soft); }
  svg .lane { stroke: var(--tone); }
  svg .lane.presenter { stroke-dasharray: 7 5; }
  svg .shape { fill: var(--soft); stroke: var(--tone); }
  svg .replayed { stroke-dasharray: 3 3; }
  svg .stroke { fill: none; stroke: var(--tone); stroke-width: 3; stroke-linecap: round; }
  svg .lost { fill: none; stroke: var(--tone); stroke-width: 1.5; stroke-dasharray: 3 3; }
  svg .node { font-weight: 600; }
  svg .mark { fill: var(--alarm); }
  svg .mark-text { fill: var(--surface); font-weight: 700; }
  svg a:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; }
  .legend { display: flex; flex-wrap: wrap; gap: .4rem 1.6rem; margin: .9rem 0 0; padding: 0; list-style: none; color: var(--muted); font-size: .88rem; }
  .legend li { display: flex; align-items: center; gap: .55rem; }`;

const MEDIA = `
  @media (prefers-color-scheme: dark) { :root {${DARK} } }
  @media print {
    :root {${LIGHT} }
    html { font-size: 11px; background: none; }
    header, .skip, .older { display: none; }
    main { max-width: none; padding: 0; }
    .picture { overflow: visible; border: 0; padding: 0; }
    .picture svg { width: 100%; height: auto; }
    table, tbody, tr, td { break-inside: avoid; }
    * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  }`;

/** The style sheet of all admin pages, embedded in each page. */
export const adminStyle = `:root {${LIGHT} }${PAGE}${TABLES}${PICTURE}${MEDIA}
`;

const styleHash = createHash('sha256').update(adminStyle).digest('base64');

/** Allows this style sheet, forms to the same origin, and the empty `data:` icon. */
export const adminContentSecurityPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${styleHash}'`,
  'img-src data:',
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join(';');
