import { describe, expect, it } from 'vitest';
import { latexText } from './latex-text.js';
import { plainTex } from './plain-tex.js';

const PAPER = String.raw`
\documentclass{article} % a comment
\newcommand{\tide}[1]{\emph{#1 tide}}
\title{On the watching of \textbf{tides}\thanks{For the shore.}}
\author{Ada Author\\Shore University \and Bob Writer}
\begin{document}
\maketitle
\begin{abstract}
We watched the \tide{spring}. It rose by 5\,\% \cite{author99, writer01}.
\end{abstract}
\section{Introduction}\label{sec:intro}
Na\"ive watchers---of whom there are many---miss it~\citep[p.~3]{author99}.
See Section~\ref{sec:results}.

A second paragraph with $p < 0.05$ and $x_2^{10}$, after
\begin{equation}\label{eq:one}
  E = mc^2
\end{equation}
where nothing moves. \[ a \neq b \]
\subsection*{The shore}
\input{shore}
\begin{itemize}
\item One boat.
\item Two boats.
\end{itemize}
\section{Results}
\begin{table}
\caption{Boats seen}
\begin{tabular}{lr}
\hline
Boat & Seen \\
Red & 3 \\
\hline
\end{tabular}
\end{table}
\begin{figure}\includegraphics[width=3cm]{a.png}\caption{The shore \cite{writer01}.}\end{figure}
\paragraph{Weather} It rained with \unknownmacro{great} force.
\begin{thebibliography}{9}
\bibitem{author99} A. Author. \emph{Tides}. Shore Press, 1999.
\bibitem[W01]{writer01} B. Writer. Ebbs. 2001.
\end{thebibliography}
\end{document}
Never read.
`;

describe('latexText', () => {
  const read = latexText(PAPER.trim());

  it('reads title, authors, sections and paragraphs as they would be printed', () => {
    expect(read.title).toBe('On the watching of tides');
    expect(read.headings.map(({ title, level }) => `${level} ${title}`)).toEqual([
      '1 Abstract',
      '1 Introduction',
      '2 The shore',
      '1 Results',
      '1 References',
    ]);
    const paragraphs = read.text.split('\n\n');
    expect(paragraphs).toEqual(expect.arrayContaining(['Ada Author', 'Shore University', 'Bob Writer']));
    expect(paragraphs).toContain('We watched the spring tide. It rose by 5 % [author99, writer01].');
    expect(paragraphs).toContain('Naïve watchers—of whom there are many—miss it [author99]. See Section sec:results.');
    expect(paragraphs).toContain('A second paragraph with p < 0.05 and x₂¹⁰, after');
    expect(paragraphs).toEqual(expect.arrayContaining(['One boat.', 'Two boats.']));
    expect(paragraphs).toContain('Weather. It rained with great force.');
    expect(paragraphs).toContain('[author99] A. Author. Tides. Shore Press, 1999.');
    expect(read.text).not.toMatch(/Never read|a comment|For the shore|\\hline/);
  });

  it('keeps formulas and tables, marked as no evidence, each at its place', () => {
    const bytes = Buffer.from(read.text);
    const marked = read.excluded.map(({ reason, startOffset, endOffset }) => [
      reason,
      bytes.subarray(startOffset, endOffset).toString(),
    ]);
    expect(marked).toEqual([
      ['CODE', 'E = mc^2 (1)'],
      ['CODE', String.raw`a \neq b`],
      ['CAPTION', 'Table 1: Boats seen'],
      ['TABLE', '| Boat | Seen |\n| Red | 3 |'],
      ['CAPTION', 'Figure 1: The shore [writer01].'],
    ]);
    for (const { text, startOffset, endOffset } of read.paragraphs) {
      expect(bytes.subarray(startOffset, endOffset).toString()).toBe(text);
    }
  });

  it('names the files that it includes and cannot follow', () => {
    expect(read.missing).toEqual(['shore']);
  });

  it('ends on macros that call themselves, unbalanced braces and deep nesting', () => {
    const loop = String.raw`\def\a{\b\b}\def\b{\a\a}` + String.raw`\begin{document}Text \a here.\end{document}`;
    expect(latexText(loop).text).toContain('Text');
    expect(latexText(String.raw`\section{`.repeat(5_000)).headings).toEqual([]);
    expect(plainTex(`${String.raw`$\frac{`.repeat(3_000)}x`)).toContain('x');
  });
});

describe('plainTex', () => {
  it.each([
    [String.raw`Erd\H{o}s, \'Etienne, \c{c}a, \o re, \"{\i}`, 'Erdős, Étienne, ça, øre, ï'],
    ["``quoted'' -- it's so", '“quoted” – it’s so'],
    [String.raw`$\alpha \leq 3 \times 10^{-4}$`, 'α ≤ 3 × 10⁻⁴'],
    [String.raw`$\frac{1}{n+1}$ of \href{https://a.org}{them}`, '1/(n+1) of them'],
    [String.raw`{\bf bold} and \textit{slanted \& plain}`, 'bold and slanted & plain'],
  ])('reads %j as %j', (source, words) => expect(plainTex(source)).toBe(words));
});
