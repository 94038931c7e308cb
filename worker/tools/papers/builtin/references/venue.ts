/** How much a piece of an entry looks like where a work appeared: journal and volume, proceedings, publisher, repository. */

const CERTAIN_START =
  /^(?:In:\s|In (?:["“]?\p{Lu}|\d+(?:st|nd|rd|th)\b|\d{4}\b|the\b)|Advances in (?!\w+ \w+:)|in:? (?:Proc|Adv|\p{Lu})|Proc(?:eedings|\.)\b|(?:(?:19|20)\d\d )?(?:\p{Lu}[\p{L}&-]*[ .]+(?:of |on |the |and |for |in )*){0,6}(?:Conference|Symposium|Workshop|Proceedings|Transactions)\b)/u;

const STRONG_START =
  /^(?:In:?\s+["“]?\p{Lu}|In: |in:? (?:Proc|Adv|\p{Lu})|Proc(?:eedings|\.)\b|Advances in|Trans(?:actions|\.)\b|(?:The )?(?:\p{Lu}\w+ )*Journal\b|J\. ?\p{Lu}|J [A-Z]\w+|arXiv\b|bioRxiv|medRxiv|CoRR\b|SSRN|ArXiv|eprint|e-print|[Pp]reprint|Ph\.? ?D\.?\b|PhD|Doctoral|Master|M\.?Sc|B\.?Sc|Diploma|Thesis|Dissertation|Tech(?:nical|\.) ?[Rr]ep|Technical|Working [Pp]aper|Zenodo|GitHub|YouTube|Available|Retrieved|Accessed|URL|Unpublished|Manuscript|Lecture Notes|LNCS|Springer|Elsevier|Wiley|Academic Press|Cambridge University Press|Oxford University Press|MIT Press|O['’]Reilly|Addison|Prentice|McGraw|CRC Press|Chapman|IEEE|ACM|USENIX|AAAI|Nature\b|Science\b|PNAS|PLoS|PLOS|Physical Review|Phys\. ?Rev|Phys\. |Ann\. |Annals of|Annu|Annual|Am\. |Bull\.|Comm(?:un)?\. |Math\. |Acta\b|Rev\. |Lett\. |Vol\. |vol\. |NeurIPS|ICML|ICLR|CVPR|NIPS|R package|Version|ISBN|\(?(?:19|20)\d\d[a-z]?\)?[.;,:]|\(\d{4}\)|Accepted|To appear|In press|in press|Comput(?:\.|ational)|Int(?:\.|ernational) J|Internat)/u;

/** "Ann N Y Acad Sci. 2012;1248:107", "J. Mammal. 90, 332–339", "Science, 353(6304), aad9837", "Duke Math. J. 31 (1964)". */
const JOURNAL =
  /^((?:\p{Lu}|eLife|npj |m(?=[A-Z])|bio(?=[A-Z])|i(?=[A-Z]))[\p{L}\p{M}&.,:’'()/\s–-]{0,110}?)[,.;:]?\s*(?:\(?(?:19|20)\d\d\)?[a-z]?(?:[;,:.]| \p{Lu}\p{Ll}{2}\b)[\s\p{L}\d]*\d|(?:[Vv]ol(?:ume)?\.?|[Nn]o\.?|pp?\.|[Pp]ages?|[Ss]er\.) ?\d|[A-Za-z]?\d{1,6}[A-Z]?(?:[–-][A-Za-z]?\d{1,6})?\s?(?:[,:(;/]|\.?$)|[A-Z]?\d{1,4} [A-Z]?\d+|\d{1,4}[.,\s]|\((?:19|20)\d\d\))/u;

/** "Boston: Pearson; 2004", "New York, NY: Wiley", "Springer-Verlag, Berlin, 1983", "(Princeton, NJ: University Press)". */
const PUBLISHER =
  /^\(?\p{Lu}[\p{L}\s,.&’'/()-]{1,60}:\s?\p{Lu}[^.;]{2,90}(?:[;,.)]|$)|^[^.]{0,80}(?:Press|Publish(?:ers|ing)|Verlag|Books|Springer|Wiley|Elsevier|Universit(?:y|ät|é)|Institut|Foundation|Inc\.|Ltd|Company|Editions?|Éditions|Hall|Francis|Society|Association|Department|Organi[sz]ation)\b/u;

const PROSE = /^\p{L}+ (?:\p{Ll}+ ){3,}/u; // five words and more in lower case: a sentence of a title

/** 0..1. `rest` stands after a possible end of the title. */
export function venueLikeness(rest: string): number {
  const text = rest.trim();
  if (/^[\s.,;:)\]]*$/.test(text)) return 0.55; // nothing but an identifier followed
  if (CERTAIN_START.test(text)) return 0.9;
  const journal = JOURNAL.exec(text);
  const words = journal?.[1]?.trim().split(/\s+/) ?? [];
  if (journal && words.length <= 14) {
    const small = words.filter((word) => /^\p{Ll}{4,}$/u.test(word)).length;
    const abbreviated = words.filter((word) => /\.$/.test(word)).length;
    return Math.max(
      0.3,
      Math.min(
        1,
        0.95 -
          0.15 * small +
          0.05 * abbreviated -
          0.02 * words.length -
          (/[.?!] \p{Lu}\p{Ll}{3}/u.test(journal[1] ?? '') ? 0.25 : 0) -
          (/(?:^|\s)\p{Ll}{4,}[.?!] /u.test(journal[1] ?? '') ? 0.4 : 0),
      ),
    );
  }
  if (STRONG_START.test(text)) return 0.85;
  const publisher = PUBLISHER.exec(text)?.[0];
  if (publisher) return PROSE.test(text) || /\p{Ll}{4}\. \p{Lu}/u.test(publisher) ? 0.4 : 0.7;
  if (isShortName(text)) return 0.62;
  return PROSE.test(text) ? 0.05 : 0.25;
}

/** "Pearson", "DANDI archive; DANDI Archive": the last words of an entry, most of them in capitals. */
function isShortName(text: string): boolean {
  if (/^[\w.-]+\.?$/.test(text)) return true;
  const words = text.split(/\s+/).filter((word) => /\p{L}/u.test(word));
  const capitals = words.filter((word) => /^\(?\p{Lu}/u.test(word)).length / words.length;
  const isShort = (words.length <= 8 && capitals >= 0.6) || (words.length <= 14 && capitals >= 0.85);
  return /^[\p{Lu}\d]/u.test(text) && isShort && !/[?!]|\p{Ll}{3}\. \p{Lu}/u.test(text);
}

/**
 * Abbreviations, a volume and a page at once: an entry without a title goes on so after its authors. `sure` where the
 * list has titles: then only what cannot be one.
 */
export function isBareVenue(rest: string, sure: boolean): boolean {
  const text = rest.trim().replace(/^[,.:;\s]+/, '');
  if (/^\[?(?:arXiv|e-?print)[\s:.\]]*(?:\[[\w.-]+\])?[\s.,;()\d]*$/i.test(text)) return true;
  const match =
    /^((?:in\s+)?\p{Lu}[\p{L}\p{M}&.’'\s-]{0,60}?)[,.]?\s*(?:[A-Z] ?)?(?:vol\. ?)?\d{1,5}(?:[\s,:(;/]|$)/u.exec(text);
  const words =
    match?.[1]
      ?.trim()
      .split(/[\s.]+/)
      .filter(Boolean) ?? [];
  if (!match || words.length > 8) return false;
  if (words.some((word) => /^\p{Ll}{4,}$/u.test(word) && !/^(?:from|with|over|sopra|fisica|della)$/.test(word)))
    return false;
  const dotted = match[1]?.match(/\p{L}\./gu)?.length ?? 0;
  const known = /^(?:Nature|Science|Physica|Astrophys|JHEP|Nucl|Cell|Icarus|JCAP|Nonlinearity|Acta|EPL|PNAS)\b/.test(
    text,
  );
  const numbers = text.slice((match[1] ?? '').length).match(/\d+/g)?.length ?? 0;
  if (sure && (numbers < 3 || dotted < 2)) return known && numbers >= 3 && words.length <= 3;
  return (
    numbers >= 2 &&
    (!sure || text.length < 160) &&
    (known || dotted >= Math.max(1, words.length / 3) || words.length <= 2)
  );
}

const VENUE_END =
  /[,.;:]?\s*(?:\(?(?:1[5-9]|20)\d\d[a-z]?\b|\b(?:[Vv]ol(?:ume)?|[Nn]o|pp?|[Pp]ages?|[Ss]er|ed)\b\.?\s?\d|\b[A-Z]?\d+(?:[–-]\d+)?\s?(?:[(:,;./\s]|$)|\((?:pp|[Vv]ol|[Ee]ds?)|\b[Ee]dited by\b|;|”|"|\((?=\p{Lu})|(?<=\p{L}{3}),\s)/u;

/** The venue's name at the head of what follows a title. Null when there is none. */
export function venueName(rest: string): string | null {
  const text = rest
    .trim()
    .replace(/^[\s,.:;)(]+/, '')
    .replace(/^in:?\s+/i, '');
  const quoted = /^[^"“]{0,140}["“]([^"”]{8,160}?),?["”]/u.exec(text)?.[1];
  if (quoted) return quoted;
  const named = text.replace(/^(?:(?:\p{Lu}\.[ -]?)+[^,()]{2,40},? (?:and |& )?)*\([Ee]ds?\.?\),?\s*/u, '');
  const end = VENUE_END.exec(named);
  const name = withoutNextSentence(end ? named.slice(0, end.index) : named).replace(/[\s,:;]+$/, '');
  const isAbbreviated = /\p{L}\. ?\p{L}/u.test(name) || /^\p{Lu}\p{Ll}{1,6}$/u.test(name);
  const clean = isAbbreviated && end?.[0].startsWith('.') ? `${name}.` : name.replace(/(?<=\p{Ll}{4})\.$/u, '');
  return clean.length >= 2 && clean.length <= 160 && /\p{L}{2}/u.test(clean) ? clean : null;
}

/** "Phys. Rev. D" is one name, "Cambridge University Press. Reprinted" are two sentences. */
function withoutNextSentence(name: string): string {
  const words = name.trim().split(/\s+/);
  const abbreviated = words.filter((word) => /\.$/.test(word)).length;
  if (abbreviated >= 2 || words.length <= 3) return name;
  const stop = /(?<=\p{Ll}{7}|\s\p{Ll}{3,})\.\s/u.exec(name);
  return stop ? name.slice(0, stop.index) : name;
}
