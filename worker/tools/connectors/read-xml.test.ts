import { describe, expect, it } from 'vitest';
import { childrenOf, lineOf, readXml } from './read-xml.js';

describe('readXml', () => {
  it('reads elements, attributes, text, entities and CDATA', () => {
    const root = readXml(`\uFEFF<?xml version="1.0"?><!-- a > b --><a:root xml:lang='en' n="1 &lt; 2">
      <item>one &amp; two<br/> &#233;&#x1F600; &unknown;</item><item><![CDATA[<b>&amp;</b>]]></item>
    </a:root>`);
    expect(root).toMatchObject({ name: 'a:root', attributes: { 'xml:lang': 'en', n: '1 < 2' } });
    expect(childrenOf(root, 'item').map(({ text }) => text)).toEqual(['one & two é😀 &unknown;', '<b>&amp;</b>']);
    expect(lineOf(root, 'none')).toBeNull();
  });

  it.each([
    ['cut short', '<a><b>text'],
    ['cut in a tag', '<a><b at'],
    ['closed in the wrong order', '<a><b></a></b>'],
    ['closed twice', '<a></a></a>'],
    ['with two roots', '<a/><b/>'],
    ['with text around the root', '<a/>text'],
    ['empty', ''],
    ['with a document type', '<!DOCTYPE a [<!ENTITY x "xxxx">]><a>&x;</a>'],
    ['HTML', '<!doctype html><html><br></html>'],
    ['nested without end', '<a>'.repeat(500)],
  ])('refuses what is %s', (_, source) => {
    expect(() => readXml(source)).toThrow();
  });

  it.each(['<a '.repeat(50_000), `<a ${'b="c" '.repeat(50_000)}`, '<!--'.repeat(50_000), '&'.repeat(100_000)])(
    'refuses long nonsense without going over it again and again (%#)',
    (source) => {
      expect(() => readXml(source)).toThrow();
    },
  );
});
