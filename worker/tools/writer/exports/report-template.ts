/**
 * How report.pdf is set, in Typst. The report comes in as JSON (`sys.inputs.report`, a PrintedReport) and its strings are
 * set as text, never read as markup: nothing a source says can become code. Fonts are those the compiler brings; others
 * are asked only for characters that these lack.
 */
export const REPORT_TEMPLATE = String.raw`
#let report = json(bytes(sys.inputs.report))
#set document(title: report.title, date: none)
#set page(paper: "a4", margin: (x: 25mm, y: 24mm), numbering: "1 / 1")
#set text(font: ("Libertinus Serif", "New Computer Modern", "DejaVu Sans Mono"), size: 10.5pt, lang: "en", hyphenate: false)
#set par(leading: 0.68em, spacing: 1.05em)
#set heading(numbering: none)
#show heading.where(level: 1): set text(size: 17pt)
#show heading.where(level: 1): set par(leading: 0.5em)
#show heading.where(level: 2): it => block(above: 1.7em, below: 0.8em, sticky: true, text(size: 12.5pt, it.body))
#let soft = rgb("#5f5c55")
#let accent = rgb("#0b5394")
#let against = rgb("#b3541e")
#let note(body) = text(size: 9pt, fill: soft, body)
#let mark(number) = link(label("source-" + str(number)), text(fill: accent, "[" + str(number) + "]"))
#let page-of(quote) = if quote.page == none { "" } else { ", page " + str(quote.page) }

#let sentence(s) = {
  if s.receipt == none { text(fill: soft, s.text) } else {
    s.text
    [ ]
    s.citations.map(mark).join()
    if s.verdict != none { text(fill: against, style: "italic", " (" + s.verdict + ")") }
    super(link(label("receipt-" + str(s.receipt)), text(fill: accent, "r" + str(s.receipt))))
  }
}
#let side(quotes) = block(inset: (left: 9pt), stroke: (left: 1.5pt + against),
  quotes.map(q => [#q.source#page-of(q): “#q.quote” #mark(q.number)]).join(parbreak()))
#let chart(c) = {
  let most = calc.max(1, ..c.bars.map(bar => bar.value))
  figure(kind: "chart", supplement: none, numbering: none, caption: c.title + " (" + lower(c.unit) + ")",
    grid(columns: (38%, 1fr), row-gutter: 5pt, column-gutter: 8pt, align: (right + horizon, left + horizon),
      ..c.bars.map(bar => (
        text(size: 9pt, bar.label),
        stack(dir: ltr, spacing: 5pt,
          rect(width: 78% * bar.value / most, height: 9pt, fill: accent, radius: 1pt),
          text(size: 9pt, str(bar.value))),
      )).flatten()))
}

= #report.title
#if report.question != none { text(style: "italic", report.question) }
#block(note(report.facts.join(" · ")))

#for section in report.sections {
  heading(level: 2, section.heading)
  for paragraph in section.paragraphs { par(paragraph.map(sentence).join([ ])) }
  for (index, found) in section.contradictions.enumerate() {
    block(above: 1.2em, note(str(index + 1) + ". One side"))
    side(found.one)
    block(note("Against it"))
    side(found.other)
  }
}

#if report.abbreviations.len() > 0 {
  heading(level: 2, "Abbreviations")
  for a in report.abbreviations { block(spacing: 0.7em)[*#a.short* #a.long #mark(a.number)] }
}

#if report.charts.len() > 0 {
  heading(level: 2, "In figures")
  for c in report.charts { block(breakable: false, chart(c)) }
}

#heading(level: 2, "Sources")
#for source in report.sources [
  #block(par(hanging-indent: 1.6em)[#str(source.number). #source.reference #note[Snapshot sha256 #raw(source.sha256)]]) #label("source-" + str(source.number))
]

#heading(level: 2, "Trust: " + report.trust.overall)
The mean of these counts, by their weights. It says how far the report can be checked and how much it rests on, not whether its sources are right.
#for line in report.trust.basis { block(spacing: 0.7em, note(line)) }
#for line in report.trust.flags { block(spacing: 0.7em, text(size: 9pt, fill: against, line)) }

#heading(level: 2, "Receipts")
A receipt proves one link of a sentence to its source: the quote stands, byte for byte, at these offsets of the text whose SHA-256 the list of sources gives. The file claims.json holds the texts.
#for receipt in report.receipts [
  #block(above: 1.2em, sticky: true, text(size: 9.5pt)[*r#str(receipt.number)* #receipt.verdict, confidence #receipt.confidence: #receipt.text]) #label("receipt-" + str(receipt.number))
  #for q in receipt.quotes {
    block(inset: (left: 9pt), stroke: (left: 1pt + if q.stance == "against" { against } else { soft }), text(size: 9pt)[
      “#q.quote” \ #note[#q.stance · #q.source#page-of(q) · bytes #q.bytes] #mark(q.number)])
  }
]
`;
