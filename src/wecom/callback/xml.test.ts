import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { readFlat, readNested, readXml } from './xml.js';

const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,8}$/);
const value = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => `<![CDATA[${text}]]>`),
  fc.string({ maxLength: 20 }),
  fc.constantFrom(
    '',
    ' ',
    '\n',
    '&amp;',
    '<A>1</A>',
    '<!-- c -->',
    '<![CDATA[a]]><![CDATA[b]]>',
    '12',
  ),
);
const space = fc.constantFrom('', '\n', '  ', '\r\n\t');
const documents = fc
  .array(fc.tuple(name, value, space), { maxLength: 6 })
  .map((all) => `<xml>${all.map(([n, v, s]) => `<${n}>${v}</${n}>${s}`).join('')}</xml>`);

test('whatever the fast reader reads, xml2js reads alike', () => {
  let read = 0;
  fc.assert(
    fc.property(documents, (xml) => {
      const flat = readFlat(xml);
      // An empty root is text to xml2js, and nothing to us.
      if (flat === null || Object.keys(flat).length === 0) return;
      read++;
      expect({ ...flat }).toEqual({ ...readNested(xml) });
    }),
    { numRuns: 500 },
  );
  expect(read).toBeGreaterThan(50);
});

test.each([
  ['nesting', '<xml><A><B>1</B></A></xml>', { A: { B: '1' } }],
  ['repeated elements', '<xml><A>1</A><A>2</A></xml>', { A: ['1', '2'] }],
  ['character references', '<xml><A>a &amp; b</A></xml>', { A: 'a & b' }],
  ['CDATA beside text', '<xml><A><![CDATA[x]]>y</A></xml>', { A: 'xy' }],
  ['an XML declaration', '<?xml version="1.0"?><xml><A>1</A></xml>', { A: '1' }],
])('%s is left to xml2js', (_name, xml, expected) => {
  expect(readFlat(xml)).toBeNull();
  expect({ ...readXml(xml) }).toEqual(expected);
});

test('a “]]>” that somebody typed is put together again', () => {
  const xml = '<xml><A><![CDATA[x]]]]><![CDATA[>y]]></A><B>1</B></xml>';
  expect({ ...readFlat(xml) }).toEqual({ A: 'x]]>y', B: '1' });
  expect({ ...readNested(xml) }).toEqual({ A: 'x]]>y', B: '1' });
});

test.each([
  ['unclosed text', `<xml><A>${'x'.repeat(250_000)}`],
  ['a wall of blanks', `<xml>${' '.repeat(250_000)}<`],
  ['CDATA ends without an element’s end', `<xml><A><![CDATA[${']]>'.repeat(80_000)}`],
  ['opening tags only', `<xml>${'<A>'.repeat(80_000)}`],
])('the fast reader gives up on %s at once', (_name, xml) => {
  expect(readFlat(xml)).toBeNull();
});

test('an element named like a property of every object is only an element', () => {
  expect(Object.entries(readFlat('<xml><constructor>1</constructor></xml>') ?? {})).toEqual([
    ['constructor', '1'],
  ]);
  expect('valueOf' in (readFlat('<xml><A>1</A></xml>') ?? {})).toBe(false);
});
