/**
 * report.html: one file that opens without a network, prints well and runs no script. Each claim links to its receipts
 * (quote, source, page, byte offsets, sha256) and back. Everything that came from a source or a person goes through
 * `escapeHtml`; the page forbids itself scripts, frames and remote loads besides.
 */
import { referenceLine, sourceLabel } from './cite-source.js';
import type { DraftSentence } from './draft-shape.js';
import { escapeHtml } from './escape-html.js';
import type {
  Chart,
  Contradiction,
  FinishedAbbreviation,
  FinishedClaim,
  FinishedReceipt,
  FinishedReport,
  FinishedSection,
  FinishedSource,
} from './finished-report.js';
import { ABBREVIATIONS_HEADING, CHARTS_HEADING } from './prose.js';
import { renderChart } from './render-chart.js';

/** What the page says of trust; the shape of src/trust's score. */
export interface PrintedTrust {
  overall: number;
  components: readonly { name: string; score: number; weight: number; basis: string }[];
  flags: readonly { message: string }[];
}

/** Renders the whole page. Deterministic. */
export function renderHtml(report: FinishedReport, trust: PrintedTrust): string {
  const claims = new Map(report.claims.map((claim) => [claim.key, claim]));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(report.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(report.title)}</h1>
${report.title === report.question ? '' : `<p class="question">${escapeHtml(report.question)}</p>\n`}<p class="counts">${report.claims.length} quoted sentences · ${report.sources.length} ${report.sources.length === 1 ? 'source' : 'sources'} · trust ${percent(trust.overall)} (<a href="#trust">why</a>)</p>
${report.sections.map((section) => renderSection(section, claims, report)).join('\n')}
${renderAbbreviations(report)}${renderCharts(report.charts)}<section id="sources"><h2>Sources</h2>
<ol>
${report.sources.map((source) => renderSource(source, report)).join('\n')}
</ol></section>
${renderTrust(trust)}
<section id="receipts"><h2>Receipts</h2>
<p>A receipt proves one link of a sentence to its source: the quote stands, byte for byte, at these offsets of the text whose SHA-256 is given. claims.json holds the texts, so it can be checked without a server.</p>
${report.claims.map((claim) => renderReceipts(claim, report)).join('\n')}
</section>
</main>
</body>
</html>
`;
}

function renderSection(
  section: FinishedSection,
  claims: ReadonlyMap<string, FinishedClaim>,
  report: FinishedReport,
): string {
  if (section.role === 'LIMITS') {
    const items = section.paragraphs.map(
      (paragraph) => `<li>${paragraph.map((sentence) => renderSentence(sentence, claims)).join(' ')}</li>`,
    );
    return `<section class="limits">\n<h2>${escapeHtml(section.heading)}</h2>\n<ul>\n${items.join('\n')}\n</ul>\n</section>`;
  }
  const body = section.paragraphs.map((paragraph, index) => {
    const quoted = paragraph.flatMap((sentence) =>
      sentence.kind === 'CLAIM' ? (claims.get(sentence.claim) ?? []) : [],
    );
    const isOpen = section.role === 'SHORT_ANSWER' && index > 0 && quoted.length === 0; // what of the question stays open
    return `<p${isOpen ? ' class="open"' : ''}>${paragraph.map((sentence) => renderSentence(sentence, claims)).join(' ')}</p>${quoted.map(renderAgainst).join('')}`;
  });
  if (section.role === 'CONTRADICTIONS') {
    body.push(`<ol>\n${report.contradictions.map((found) => renderContradiction(found, report)).join('\n')}\n</ol>`);
  }
  return `<section class="${section.role.toLowerCase().replace('_', '-')}">\n<h2>${escapeHtml(section.heading)}</h2>\n${body.join('\n')}\n</section>`;
}

function renderSentence(sentence: DraftSentence, claims: ReadonlyMap<string, FinishedClaim>): string {
  if (sentence.kind === 'PROSE') return `<span class="prose">${escapeHtml(sentence.text)}</span>`;
  const claim = claims.get(sentence.claim);
  if (!claim) return '';
  const verdict = claim.verdict === 'SUPPORTED' ? '' : ` <em class="verdict">${claim.verdict.toLowerCase()}</em>`;
  const marks = claim.citations
    .map((citation) => `<a class="mark" href="#receipts-${claim.key}">[${citation}]</a>`)
    .join('');
  return `<span class="claim" id="${claim.key}"><a class="text" href="#receipts-${claim.key}" title="${escapeHtml(claim.receipts[0]?.quote ?? '')}">${escapeHtml(claim.text)}</a>&#8288;${marks}${verdict}</span>`;
}

/** With where the work is found, and back to the sentences that quote it. */
function renderSource(source: FinishedSource, { claims }: FinishedReport): string {
  const quoting = claims.filter(({ receipts }) => receipts.some(({ number }) => number === source.number));
  const back = quoting.map(({ key }) => `<a href="#${key}">${key}</a>`).join(' ');
  return `<li id="source-${source.number}" value="${source.number}">${escapeHtml(referenceLine(source))}${renderWhere(source)}<br><small>${back === '' ? '' : `quoted in ${back}<br>`}snapshot sha256 <code>${escapeHtml(source.snapshotSha256)}</code></small></li>`;
}

function renderWhere({ published }: FinishedSource): string {
  const { doi = null, arxivId = null, url = null } = published ?? {};
  const link = (href: string, text: string) =>
    ` <small><a href="${escapeHtml(href)}" rel="noreferrer">${escapeHtml(text)}</a></small>`;
  if (doi !== null) return link(`https://doi.org/${encodeURI(doi)}`, `doi:${doi}`);
  if (arxivId !== null) return link(`https://arxiv.org/abs/${encodeURI(arxivId)}`, `arXiv:${arxivId}`);
  return url !== null && /^https?:\/\//iu.test(url) ? link(url, url) : '';
}

const renderAgainst = (claim: FinishedClaim): string =>
  claim.receipts
    .filter((receipt) => receipt.stance === 'REFUTES')
    .map(
      (receipt) =>
        `\n<blockquote class="against">Against this: “${escapeHtml(receipt.quote)}” <a class="mark" href="#receipts-${claim.key}">[${receipt.number}]</a></blockquote>`,
    )
    .join('');

function renderContradiction({ claim, one, other }: Contradiction, report: FinishedReport): string {
  const side = (receipts: readonly FinishedReceipt[]) =>
    receipts
      .map((receipt) => {
        const source = report.sources.find(({ number }) => number === receipt.number);
        const page = receipt.page === null ? '' : `, page ${receipt.page}`;
        return `<p>${escapeHtml(source ? sourceLabel(source) : '')}${page}: “${escapeHtml(receipt.quote)}” <a class="mark" href="#source-${receipt.number}">[${receipt.number}]</a></p>`;
      })
      .join('');
  return `<li><div class="side">${side(one)}</div><p class="versus">against it</p><div class="side">${side(other)}</div><p class="versus"><a href="#receipts-${claim}">where both stand</a></p></li>`;
}

const renderAbbreviations = ({ abbreviations }: FinishedReport): string =>
  abbreviations.length === 0
    ? ''
    : `<section id="abbreviations"><h2>${ABBREVIATIONS_HEADING}</h2>
<dl>
${abbreviations.map(renderAbbreviation).join('\n')}
</dl></section>
`;

function renderAbbreviation({ short, long, receipt }: FinishedAbbreviation): string {
  const page = receipt.page === null ? '' : `page ${receipt.page}, `;
  return `<dt>${escapeHtml(short)}</dt><dd>${escapeHtml(long)} <a class="mark" href="#source-${receipt.number}" title="${escapeHtml(receipt.quote)}">[${receipt.number}]</a> <small>${page}bytes ${receipt.startOffset}–${receipt.endOffset}</small></dd>`;
}

const renderCharts = (charts: readonly Chart[]): string =>
  charts.length === 0
    ? ''
    : `<section id="figures"><h2>${CHARTS_HEADING}</h2>
${charts.map((chart) => `<figure>${renderChart(chart)}<figcaption>${escapeHtml(chart.title)} (${chart.unit.toLowerCase()})</figcaption></figure>`).join('\n')}
</section>
`;

function renderReceipts(claim: FinishedClaim, report: FinishedReport): string {
  return `<article class="receipts" id="receipts-${claim.key}">
<p><a href="#${claim.key}">↑ ${claim.key}</a> <b>${claim.verdict.toLowerCase()}</b>, confidence ${percent(claim.confidence)}: ${escapeHtml(claim.text)}</p>
${claim.receipts.map((receipt) => renderReceipt(receipt, report)).join('\n')}
</article>`;
}

function renderReceipt(receipt: FinishedReceipt, report: FinishedReport): string {
  const title = report.sources.find((source) => source.number === receipt.number)?.title ?? '';
  const page = receipt.page === null ? '' : `page ${receipt.page}, `;
  const checked = receipt.verified ? 'found verbatim' : 'not found';
  return `<blockquote><q>${escapeHtml(receipt.quote)}</q>
<footer><a href="#source-${receipt.number}">[${receipt.number}]</a> ${escapeHtml(title)}, ${page}bytes ${receipt.startOffset}–${receipt.endOffset}, ${receipt.stance.toLowerCase()} (${receipt.score}), ${checked}<br>sha256 <code>${escapeHtml(receipt.snapshotSha256)}</code></footer></blockquote>`;
}

function renderTrust(trust: PrintedTrust): string {
  const rows = trust.components.map(
    ({ name, score, weight, basis }) =>
      `<tr><th scope="row">${escapeHtml(name)}</th><td>${percent(score)}</td><td>${weight}</td><td>${escapeHtml(basis)}</td></tr>`,
  );
  const flags = trust.flags.map(({ message }) => `<li>${escapeHtml(message)}</li>`).join('');
  return `<section id="trust"><h2>Trust: ${percent(trust.overall)}</h2>
<p>The mean of these counts, by their weights. It says how far the report can be checked and how much it rests on, not whether its sources are right.</p>
<table><thead><tr><th>part</th><th>score</th><th>weight</th><th>counted</th></tr></thead><tbody>
${rows.join('\n')}
</tbody></table>${flags === '' ? '' : `\n<ul>${flags}</ul>`}</section>`;
}

const percent = (value: number) => `${Math.round(value * 100)} %`;

const STYLE = `
:root{color-scheme:light dark;--ink:light-dark(#1c1c1a,#e8e6e1);--soft:light-dark(#6a6862,#a5a29a);--line:light-dark(#dedad2,#3a3833);--mark:light-dark(#0b5394,#8ab8e8);--warn:light-dark(#a34713,#eb9a66);--page:light-dark(#fdfcf9,#1a1917)}
body{background:var(--page);color:var(--ink);font:17px/1.6 Georgia,'Times New Roman',serif;margin:0}
main{max-width:44rem;margin:0 auto;padding:2.5rem 1.25rem 4rem}
h1{font-size:1.9rem;line-height:1.25;margin:0 0 .4rem}
h2{font-size:1.25rem;margin:2.2rem 0 .5rem;border-bottom:1px solid var(--line);padding-bottom:.2rem}
.counts,.question,.prose,footer,small,table,.limits li{font-family:system-ui,sans-serif;font-size:.84rem;color:var(--soft)}
.question{margin:0 0 .4rem;font-style:italic}
.short-answer{border-left:4px solid var(--mark);padding-left:1rem}
.claim .text{color:inherit;text-decoration:none}
.claim .text:hover,.claim .text:focus{text-decoration:underline;text-decoration-style:dotted}
.mark,a{color:var(--mark);text-decoration:none}
.mark{font:.75rem/1 system-ui,sans-serif;vertical-align:super;margin-left:.15em;white-space:nowrap}
.open{border-left:3px solid var(--warn);padding-left:.7rem}
.open .prose{color:var(--ink)}
.limits ul{padding-left:1.1rem}
.limits li{margin:.25rem 0}
#sources li{margin:.5rem 0}
td:nth-child(2),td:nth-child(3){white-space:nowrap}
.verdict{color:var(--warn);font-size:.85rem}
.claim:target,.receipts:target,li:target{background:light-dark(#fff3c4,#4a3f12)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem .9rem;margin:.4rem 0}
dt{font-weight:bold}
dd{margin:0}
figure{margin:1rem 0}
figcaption,.versus{font-family:system-ui,sans-serif;font-size:.84rem;color:var(--soft);margin:.2rem 0}
.chart{width:100%;height:auto;font-family:system-ui,sans-serif}
.bar{fill:var(--mark)}
.side{border-left:3px solid var(--warn);padding-left:.9rem}
.side p{margin:.3rem 0}
blockquote{margin:.4rem 0 .8rem;padding-left:.9rem;border-left:3px solid var(--line)}
.against{border-color:var(--warn)}
.receipts{border-top:1px solid var(--line);padding:.4rem 0;font-size:.9rem}
code{font-size:.72rem;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.25rem .5rem .25rem 0;border-bottom:1px solid var(--line);vertical-align:top}
@media print{:root{color-scheme:light}body{background:#fff;color:#000;font-size:10.5pt}main{max-width:none;padding:0}.receipts,blockquote,figure{break-inside:avoid}h2{break-after:avoid}}
`;
