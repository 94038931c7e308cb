/**
 * A made-up paper of two pages, and what a GROBID server would answer for it: TEI written by hand to GROBID's documented
 * schema, with its habits (flat divisions, figures after the text, initials without full stops, one `ref` a reference).
 */
import { column, type PdfLine, simplePdf } from '../../../../tests/support/simple-pdf.js';

const line = (text: string, top: number, { x = 72, size = 10, bold = false } = {}): PdfLine => ({
  text,
  x,
  y: 792 - top,
  size,
  bold,
});

const FIRST_PAGE: PdfLine[] = [
  line('Counting Raindrops with Small Networks', 80, { size: 18, bold: true }),
  line('Ada M. Byron and Grace Hopper', 110),
  line('University of Turin, Turin, Italy', 124),
  line('Abstract', 150, { size: 12, bold: true }),
  ...column(
    [
      'Rain is hard to count. We show that a network of nine thousand weights counts',
      'raindrops in photographs with an error of four percent, which is half of the best',
      'error known before, and that it runs on a battery for a year.',
    ],
    { y: 792 - 168 },
  ),
  line('1 Introduction', 230, { size: 12, bold: true }),
  ...column(
    [
      'Gauges measure the volume of rain, not its drops [1, 2]. Cameras see drops, but',
      'their pictures are large and batteries are small. Others counted drops on glass [2]',
      'with networks that need a server. We ask how small such a network may become.',
    ],
    { y: 792 - 248 },
  ),
  line('2 Method', 310, { size: 12, bold: true }),
  ...column(
    [
      'The network has four layers. Each of them halves the picture and keeps the num-',
      'ber of channels, so that its weights are few. Its loss is the squared error.',
    ],
    { y: 792 - 328 },
  ),
  line('L = (c - d)^2', 370, { x: 200 }),
  line('(1)', 370, { x: 500 }),
  ...column(['where c is the count and d is the number of drops, as in earlier work [3].'], { y: 792 - 392 }),
];

const SECOND_PAGE: PdfLine[] = [
  line('2.1 Training', 80, { size: 12, bold: true }),
  ...column(['We trained the network on photographs of one winter, for two days on one machine.'], { y: 792 - 98 }),
  line('Table 1: Error by camera.', 130),
  line('Camera', 146, { x: 90 }),
  line('Error', 146, { x: 250 }),
  line('Roof', 158, { x: 90 }),
  line('4.0', 158, { x: 250 }),
  line('Figure 1: A drop on glass, and what the network sees of it.', 190),
  line('Acknowledgements', 220, { size: 12, bold: true }),
  ...column(['We thank the weather of Turin for its patience with our cameras.'], { y: 792 - 238 }),
  line('References', 270, { size: 12, bold: true }),
  ...column(
    [
      '[1] D. Gauge and T. Bucket. The volume of rain. Journal of Weather, 12:1-9, 1999.',
      '[2] W. Pane. Drops on Glass. Window Press, 2011. doi:10.5555/GLASS.2011',
      '[3] S. Small. Few weights suffice. arXiv preprint arXiv:1503.01234, 2015.',
    ],
    { y: 792 - 288 },
  ),
];

export const paperPdf = (): Buffer => simplePdf([FIRST_PAGE, SECOND_PAGE]);

/** The frame of every answer. */
const tei = (header: string, text: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<TEI xml:space="preserve" xmlns="http://www.tei-c.org/ns/1.0" xmlns:xlink="http://www.w3.org/1999/xlink">
	<teiHeader xml:lang="en">
${header}
	</teiHeader>
	<facsimile>
		<surface n="1" ulx="0.0" uly="0.0" lrx="612.0" lry="792.0"/>
		<surface n="2" ulx="0.0" uly="0.0" lrx="612.0" lry="792.0"/>
	</facsimile>
	<text xml:lang="en">
${text}
	</text>
</TEI>
`;

const ENCODING = `<encodingDesc><appInfo>
  <application version="0.8.2" ident="GROBID" when="2026-11-20T12:00+0000">
    <desc>GROBID - A machine learning software for extracting information from scholarly documents</desc>
    <label type="parameters">consolidateCitations=0, consolidateHeader=0</label>
    <ref target="https://github.com/kermitt2/grobid"/>
  </application>
</appInfo></encodingDesc>`;

const HEADER = `<fileDesc>
  <titleStmt>
    <title level="a" type="main" coords="1,72.00,66.00,340.00,18.00">Counting Raindrops with Small Networks</title>
  </titleStmt>
  <publicationStmt>
    <publisher/>
    <availability status="unknown"><licence/></availability>
    <date type="published" when="2019-03-04">4 Mar 2019</date>
  </publicationStmt>
  <sourceDesc><biblStruct>
    <analytic>
      <author role="corresp">
        <persName coords="1,72.00,102.00,60.00,10.00"><roleName>Dr</roleName><forename type="first">Ada</forename><forename type="middle">M</forename><surname>Byron</surname></persName>
        <email>Ada@Example.org</email>
        <idno type="ORCID">0000000218250097</idno>
        <affiliation key="aff0">
          <note type="raw_affiliation"><label>1</label> University of Turin, Turin, Italy</note>
          <orgName type="institution">University of Turin</orgName>
        </affiliation>
      </author>
      <author>
        <persName coords="1,150.00,102.00,60.00,10.00"><forename type="first">Grace</forename><surname>Hopper</surname></persName>
        <affiliation key="aff1">
          <orgName type="department">Department of Rain</orgName>
          <orgName type="institution">University of Turin</orgName>
          <address><settlement>Turin</settlement><country key="IT">Italy</country></address>
        </affiliation>
      </author>
      <author><affiliation key="aff2"><orgName>Nobody's Institute</orgName></affiliation></author>
      <title level="a" type="main">Counting Raindrops with Small Networks</title>
    </analytic>
    <monogr><imprint><date type="published" when="2019-03-04">4 Mar 2019</date></imprint></monogr>
    <idno type="MD5">0123456789ABCDEF0123456789ABCDEF</idno>
    <idno type="DOI">10.5555/Rain.2019.1</idno>
    <idno type="arXiv">arXiv:1903.01234v2[cs.CV]</idno>
  </biblStruct></sourceDesc>
</fileDesc>
${ENCODING}
<profileDesc>
  <textClass><keywords><term>rain</term><term>small networks</term><term>rain</term></keywords></textClass>
  <abstract>
    <div xmlns="http://www.tei-c.org/ns/1.0"><p>Rain is hard to count. We show that a network of nine thousand weights counts raindrops in photographs with an error of four percent, which is half of the best error known before, and that it runs on a battery for a year.</p></div>
  </abstract>
</profileDesc>`;

const BODY = `<body>
  <div><head n="1" coords="1,72.00,221.00,90.00,12.00">Introduction</head>
    <p coords="1,72.00,240.00,380.00,34.00">Gauges measure the volume of rain, not its drops <ref type="bibr" target="#b0" coords="1,296.00,240.00,12.00,10.00">[1,</ref> <ref type="bibr" target="#b1" coords="1,311.00,240.00,8.00,10.00">2]</ref>. Cameras see drops, but their pictures are large and batteries are small. Others counted drops on glass <ref type="bibr" target="#b1" coords="1,425.00,252.00,12.00,10.00">[2]</ref> with networks that need a server <ref type="bibr">(Nobody, 1901)</ref>. We ask how small such a network may become.</p></div>
  <div><head n="2." coords="1,72.00,301.00,60.00,12.00">Method</head>
    <p>The network has four layers. Each of them halves the picture and keeps the number of channels, so that its weights are few. Its loss is the squared error.</p>
    <formula xml:id="formula_0" coords="1,200.00,362.00,310.00,10.00">L = (c − d)²<label>(1)</label></formula>
    <p>where c is the count and d is the number of drops, as in earlier work <ref type="bibr" target="#b2">[3]</ref>.</p>
    <list><item>A list has items.</item></list></div>
  <div><p>A division without a heading goes on.</p></div>
  <div><head n="2.1" coords="2,72.00,71.00,80.00,12.00">Training</head>
    <p>We trained the network on photographs of one winter, for two days on one machine.</p></div>
  <figure xml:id="fig_0" coords="2,72.00,182.00,270.00,10.00"><head>Figure 1 :</head><label>1</label><figDesc>A drop on glass, and what the network sees of it.</figDesc></figure>
  <figure type="table" xml:id="tab_0" coords="2,72.00,120.00,300.00,42.00"><head>Table 1 :</head><label>1</label><figDesc>Error by camera.</figDesc>
    <table coords="2,90.00,138.00,200.00,24.00"><row><cell cols="2">Winter</cell></row><row><cell>Camera</cell><cell>Error</cell></row><row><cell>Roof</cell><cell>4.0</cell></row><row><cell/><cell/></row></table></figure>
  <figure type="table" xml:id="tab_1" coords="2,72.00,400.00,300.00,42.00"><head>Table 2 :</head><label>2</label><figDesc>Not in this file.</figDesc><table/></figure>
</body>`;

const BACK = `<back>
  <div type="acknowledgement"><div><head coords="2,72.00,211.00,100.00,12.00">Acknowledgements</head><p>We thank the weather of Turin for its patience with our cameras.</p></div></div>
  <div type="annex"><div><head>Results of the other winter</head><p>There was no other winter.</p></div></div>
  <div type="references"><listBibl>
    <biblStruct coords="2,72.00,280.00,400.00,10.00" xml:id="b0">
      <analytic>
        <title level="a" type="main">The volume of rain</title>
        <author><persName><forename type="first">D</forename><surname>Gauge</surname></persName></author>
        <author><persName><forename type="first">T</forename><surname>Bucket</surname></persName></author>
      </analytic>
      <monogr><title level="j">Journal of Weather</title><imprint><biblScope unit="volume">12</biblScope><biblScope unit="page" from="1" to="9"/><date type="published" when="1999">1999</date></imprint></monogr>
      <note type="raw_reference">D. Gauge and T. Bucket. The volume of rain. Journal of Weather, 12:1-9, 1999.</note>
    </biblStruct>
    <biblStruct coords="2,72.00,292.00,400.00,10.00" xml:id="b1">
      <monogr>
        <title level="m" type="main">Drops on Glass</title>
        <author><persName><forename type="first">W</forename><surname>Pane</surname></persName></author>
        <idno type="DOI">10.5555/GLASS.2011</idno>
        <imprint><publisher>Window Press</publisher><date type="published" when="2011">2011</date></imprint>
      </monogr>
      <note type="raw_reference">W. Pane. Drops on Glass. Window Press, 2011. doi:10.5555/GLASS.2011</note>
    </biblStruct>
    <biblStruct coords="2,72.00,304.00,400.00,10.00" xml:id="b2">
      <monogr>
        <author><persName><forename type="first">S</forename><surname>Small</surname></persName></author>
        <imprint><date type="published" when="2015">2015</date></imprint>
      </monogr>
      <note type="raw_reference">S. Small. Few weights suffice. arXiv preprint arXiv:1503.01234, 2015.</note>
    </biblStruct>
  </listBibl></div>
</back>`;

export const ARTICLE = tei(HEADER, BODY + BACK);

/** As for a slide or a letter: a title, and nothing else that GROBID knew. */
export const HEADER_ONLY = tei(
  `<fileDesc><titleStmt><title level="a" type="main">Counting Raindrops with Small Networks</title></titleStmt>
   <sourceDesc><biblStruct><analytic/><monogr><imprint><date/></imprint></monogr></biblStruct></sourceDesc></fileDesc>
   ${ENCODING}<profileDesc><abstract/></profileDesc>`,
  '<body/><back><div type="references"><listBibl/></div></back>',
);

/** A full header, and a body in which nothing was recognised. */
export const EMPTY_BODY = tei(HEADER, '<body/><back><div type="references"><listBibl/></div></back>');

/** Ten entities, each ten times the one before: 10 GB of text if they were expanded. */
export const ENTITY_BOMB = ARTICLE.replace(
  '<TEI ',
  `<!DOCTYPE TEI [<!ENTITY e0 "rain rain ">${Array.from({ length: 9 }, (_, i) => `<!ENTITY e${i + 1} "${`&e${i};`.repeat(10)}">`).join('')}]><TEI `,
).replace('Rain is hard to count.', '&e9;');
