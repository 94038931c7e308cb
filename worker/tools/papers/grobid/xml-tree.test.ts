import { describe, expect, it } from 'vitest';
import { childAt, childrenNamed, descendants, parseXml, textOf } from './xml-tree.js';

describe('parseXml', () => {
  it('keeps the order of text and elements', () => {
    const paragraph = parseXml(
      '<p>One <ref target="#b0">[1]</ref>, two<!-- not said --> &amp; <![CDATA[<three>]]>.</p>',
    );
    expect(textOf(paragraph)).toBe('One [1], two & <three>.');
    expect(childAt(paragraph, 'ref')?.attributes).toMatchObject({ target: '#b0' });
  });

  it('finds children by name and path, and descendants in document order', () => {
    const root = parseXml('<a><b n="1"><c/></b><b n="2"><c><b n="3"/></c></b></a>');
    expect(childrenNamed(root, 'b').map(({ attributes }) => attributes.n)).toEqual(['1', '2']);
    expect(descendants(root, 'b').map(({ attributes }) => attributes.n)).toEqual(['1', '2', '3']);
    expect(childAt(root, 'b', 'c')?.name).toBe('c');
    expect(childAt(root, 'x', 'c')).toBeUndefined();
  });

  it('refuses a document type declaration before any entity in it could be used', () => {
    const nested = Array.from({ length: 9 }, (_, i) => `<!ENTITY e${i + 1} "${`&e${i};`.repeat(10)}">`).join('');
    const bomb = `<!DOCTYPE TEI [<!ENTITY e0 "lol">${nested}]><TEI>&e9;</TEI>`;
    expect(() => parseXml(bomb)).toThrow(expect.objectContaining({ kind: 'DOCTYPE' }));
    const outside = '<!DOCTYPE TEI SYSTEM "file:///etc/passwd"><TEI/>';
    expect(() => parseXml(outside)).toThrow(expect.objectContaining({ kind: 'DOCTYPE' }));
  });

  it('tells a document that breaks off from one that is no XML', () => {
    const whole = '<TEI><text><p coords="1,2,3,4,5">Words &amp; words.</p></text></TEI>';
    for (let length = 0; length < whole.length; length++)
      expect(() => parseXml(whole.slice(0, length)), whole.slice(0, length)).toThrow(
        expect.objectContaining({ kind: 'TRUNCATED' }),
      );
    for (const broken of ['<a></b>', '<a b=1/>', '<a>&nbsp;</a>', '{"a":1}', '<a/><b/>'])
      expect(() => parseXml(broken), broken).toThrow(expect.objectContaining({ kind: 'MALFORMED' }));
  });

  it('refuses a document that nests deeper than any paper', () => {
    expect(() => parseXml(`${'<a>'.repeat(100_000)}${'</a>'.repeat(100_000)}`)).toThrow(
      expect.objectContaining({ kind: 'TOO_LARGE' }),
    );
  });
});
