/**
 * A small library for tests: five invented articles about planted roofs. They agree on some points, contradict each
 * other on one number, lean on their neighbours in places, and one carries markup that must never become live.
 */
import { createHash } from 'node:crypto';
import { byteOffsetMap } from '../../../src/evidence/byte-offsets.js';
import type { EvidenceSnippet, PinnedSource } from './evidence-snippet.js';

interface Article {
  title: string;
  authors: string[];
  year: number | null;
  body: string; // "## heading" lines and paragraphs, apart by blank lines
}

export const ROOF_ARTICLES: Article[] = [
  {
    title: 'What a green roof is',
    authors: ['Ada Moss'],
    year: 2011,
    body: `## Layers of a green roof

A green roof is a roof that is partly or wholly covered with vegetation over a waterproof membrane. An extensive green roof has a growing medium of 60 to 150 millimetres and carries sedum and other low plants. An intensive green roof has a growing medium deeper than 150 millimetres and can carry shrubs and small trees. This makes it heavier. Figure 2 shows the layers.

## Retention of rainwater

Green roofs retain rainwater in the growing medium and return part of it to the air by evaporation. The growing medium of an extensive green roof retained 56% of the yearly rainfall in a two-year measurement at Malmø. However, a green roof retains less rainwater when the medium is already wet [12]. These results are shown in Table 3.`,
  },
  {
    title: 'Runoff from planted roofs: a field study',
    authors: ['Bo Lind', 'Cara Marsh'],
    year: 2016,
    body: `## Retention of rainwater

We found that green roofs which retain rainwater delayed the peak of runoff by 18 minutes on average. The growing medium of an extensive green roof retained 41% of the yearly rainfall in a two-year measurement at Malmø. Steep green roofs hold less rainwater than flat ones because water leaves the growing medium faster. In winter the green roofs retained little rainwater, since evaporation is low.

## Limits of the measurements

Runoff measurements on a single green roof cannot be carried over to a whole city. Our paper is organised as follows.`,
  },
  {
    title: 'Heat and green roofs',
    authors: ['Dee Alder', 'Eli Thorn', 'Fay Brook'],
    year: 2019,
    body: `## Cooling of buildings

Green roofs lower the surface temperature of a building in summer because plants evaporate water and shade the membrane. The surface of a green roof stayed 19 degrees cooler than a bitumen roof at noon in July. Green roofs do not replace insulation in winter, when the wet growing medium conducts heat. It depends on the depth.

## Energy use

The cooling energy of the top floor fell by 12% under an extensive green roof. Energy savings of green roofs are smaller in well insulated buildings.`,
  },
  {
    title: 'Plants & insects <on> roofs',
    authors: [],
    year: null,
    body: `## Biodiversity on green roofs

Green roofs with several plant species support more insect species than green roofs planted with sedum alone. A survey of 115 green roofs counted 254 beetle species. A note on <script>alert(1)</script> green roofs is that markup in a source must stay text. The *depth* of the growing medium limits which [plants](http://evil.example/x) survive dry summers on a green roof.`,
  },
  {
    title: 'Costs and upkeep of green roofs',
    authors: ['Gus Heath'],
    year: 2021,
    body: `## Costs and upkeep

An extensive green roof costs about 90 euros for each square metre, twice as much as a bitumen roof. Green roofs protect the waterproof membrane from sunlight, so that it lasts about twice as long. Leaks under a green roof are hard to find because the growing medium hides the membrane. Steep green roofs hold less rainwater than flat ones, because the water leaves the growing medium faster.`,
  },
];

export const ROOF_QUESTION = 'How do green roofs retain rainwater, and why do they cool buildings?';

export interface TestLibrary {
  sources: PinnedSource[];
  snapshots: Map<string, Buffer>;
  snippets: EvidenceSnippet[];
}

/** Cuts the articles into one snippet a paragraph, as if each had been retrieved; later articles score a little less. */
export function roofLibrary(articles: readonly Article[] = ROOF_ARTICLES): TestLibrary {
  const library: TestLibrary = { sources: [], snapshots: new Map(), snippets: [] };
  for (const [index, article] of articles.entries()) {
    const text = `# ${article.title}\n\n${article.body}\n`;
    const bytes = Buffer.from(text, 'utf8');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const place = { sourceId: `source-${index + 1}`, snapshotId: `snapshot-${index + 1}`, snapshotSha256: sha256 };
    library.snapshots.set(place.snapshotId, bytes);
    library.sources.push({ ...place, title: article.title, authors: article.authors, year: article.year });
    const offsets = byteOffsetMap(text);
    let heading: string | null = null;
    for (const [number, match] of [...text.matchAll(/[^\n]+/gu)].entries()) {
      const line = match[0];
      if (line.startsWith('#')) {
        heading = line.replace(/^#+\s*/u, '');
        continue;
      }
      library.snippets.push({
        snippetId: `snippet-${index + 1}-${number}`,
        ...place,
        sourceTitle: article.title,
        sourceAuthors: article.authors,
        sourceYear: article.year,
        text: line,
        startOffset: offsets[match.index] ?? 0,
        endOffset: offsets[match.index + line.length] ?? 0,
        page: index === 1 ? number : null,
        pageStarts: [],
        heading,
        score: 10 - index - number / 10,
      });
    }
  }
  return library;
}
