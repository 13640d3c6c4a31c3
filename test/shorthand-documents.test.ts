import { readFileSync } from 'node:fs';

import { expect, test } from '@jest/globals';

import { documents } from '../src/shorthand-documents.js';

test.each([...documents()])(
  '%s is what the corpus says (node src/launch.mjs shorthand-documents)',
  (path, text) => {
    expect(readFileSync(path, 'utf8')).toBe(text);
  },
);
