/** The words that announce an abstract, part it, and follow it, in the languages that papers print them in. */

const WORD =
  '(?:abstract|resumen|résumé|resumo|riassunto|sommario|zusammenfassung|kurzfassung|samenvatting|аннотация|摘要|abstrak|özet)';
export const HEADING = new RegExp(`^(?:extended |graphical )?${WORD}\\s*[.:—–-]?$`, 'iu');
export const SUMMARY_HEADING = /^(?:(?:executive )?summary|synopsis|author summary)\s*[.:]?$/iu;
export const RUN_IN = new RegExp(`^${WORD}\\s*(?:[.:—–-]+\\s*|\\s[•|]\\s*)(?=\\S)`, 'iu');
export const SUMMARY_RUN_IN = /^summary\s*(?:[.:—]|\s[–-])\s*(?=\p{Lu})/iu;
export const BARE_RUN_IN = /^(?:Abstract|ABSTRACT)\s+(?=[\p{Lu}(])/u; // in bold, without a mark
export const SPACED = /^a ?b ?s ?t ?r ?a ?c ?t\b/i;

/** What follows an abstract, and is none of it. */
export const END =
  /^(?:\W{0,2}(?:key ?-?words?|index terms|general terms|palabras clave|mots[- ]cl[ée]s|schlüssel(?:wörter|worte)|palavras[- ]chave|parole chiave|subject(?: area| class| categor)\w*|ccs concepts|categories and subject|acm reference|msc\b|pacs\b|ams (?:subject|classification)|mathematics subject|jel\b|abbreviations?|nomenclature|highlights|correspondence|\*?corresponding|\*?\s?correspondence|e-?mail|article (?:info|history)|received\b|accepted\b|published\b|submitted\b|doi\b|https?:\/\/(?:dx\.)?doi|copyright\b|©|\(c\)|citation:|how to cite|cite this|to cite|preprint submitted|edited by|reviewed by|arxiv|permission to|this is an open|open access)|(?:(?:1|I)\.?\s+|1\.0 )?(?:introduction|introducción|introdução|einleitung)\b)/iu;

export const PART =
  /^(?:(?:study )?(?:background|context|importance|rationale|significance|introduction|objectives?|aims?|purpose|goals?|hypothes[ie]s|methods?|methodology|materials?(?: and |\s?\/\s?| & )methods?|methods?(?: and |\s?\/\s?)(?:materials?|results|findings|analysis)|patients(?: and methods)?|participants?|subjects|population|design|setting|study design(?: and setting)?|design,? setting,? (?:and )?participants|interventions?|main (?:outcome )?(?:measures?|results)|(?:primary )?outcomes?(?: measures?)?|measurements?(?: and main results)?|data sources?|study selection|data (?:extraction|synthesis|collection)(?: and \w+)?|approach|results?(?: and (?:discussion|conclusions?))?|findings?|principal findings|methods?\/principal findings|conclusions?(?:\s?\/\s?significance| and relevance)?|conclusions? and \w+|discussion|interpretation|implications?|limitations?|originality(?:\/value)?|trial registration|clinical trial registration|registration|funding|problem|solution|contributions?|motivation|evaluation|novelty|practical implications|social implications|research limitations\/implications|design\/methodology\/approach))\s*[.:]?$/i;

export const TAIL =
  /^\W{0,2}(?:key ?-?words?\b|index terms\b|jel\b|pacs\b|msc\b|ccs concepts|categories and subject|palabras clave|mots[- ]cl)/iu;

/** The first and the last part of a structured abstract, as they run into their text. */
export const INTRODUCTORY = /^(?:introduction|background)\s?:\s(?=\p{Lu})/iu;
export const CONCLUDING = /^(?:conclusions?|interpretation|significance)\s?:\s(?=\p{Lu})/iu;
