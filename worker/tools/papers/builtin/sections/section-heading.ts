/** A heading of the text itself, before it is known what its section is for. */
export interface SectionHeading {
  text: string; // with its number, as printed
  level: number;
  startOffset: number;
  endOffset: number;
  paragraph: number; // index in the layout
  page: number | null;
  setting: string; // font and size; '' without pages
  isAppendix: boolean; // a line above says so
}
