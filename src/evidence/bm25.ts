/** The constants of ranking, each with where it comes from. */

/** Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), and Lucene's defaults. */
export const K1 = 1.2;
export const B = 0.75;

/** How often the title counts beside the body (BM25F's field weight): authors choose its words to be found by. */
export const TITLE_WEIGHT = 2;

/**
 * Pseudo-relevance feedback, RM3: Abdul-Jaleel et al., "UMass at TREC 2004". Ten passages and an even mixture are the
 * values in common use. Of 40 and 80 terms, tried on Cranfield and ADI, 40 fell below plain BM25 on the small one.
 */
export const FEEDBACK_TEXTS = 10;
export const FEEDBACK_TERMS = 80;
export const QUESTION_SHARE = 0.5; // of the expanded query's weight that stays with the words that were asked

/**
 * Terms of the expansion by which whole sources of a large library are scored: as many as RM3 has in Anserini. Of 10, 20, 40 and
 * 80 none was better on Cranfield (.478 to .480), 80 on ADI (.502, the others .494 to .496), 10 on 80 long papers (.944 to .934).
 */
export const LARGE_FEEDBACK_TERMS = 10;
