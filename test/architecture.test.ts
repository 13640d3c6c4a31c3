import { expect, test } from '@jest/globals';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import ts from 'typescript';

/** Import only from your own room or from a lower floor; rooms of one floor do not know each other. */
const FLOORS: readonly (readonly string[])[] = [
  ['kernel'],
  ['domain'],
  ['shorthand', 'chat'],
  ['usecases'],
  ['bot', 'wecom', 'inbox', 'notify', 'store', 'embedded-db', 'settings', 'telemetry'],
  ['bot-scripts', 'web', 'schedule', 'emulator'],
  ['wiring'],
];
const floorOf = (room: string): number => FLOORS.findIndex((rooms) => rooms.includes(room));

/** `src/<file>.ts` is wiring, `src/<room>/…` and `bot-scripts/…` are rooms. */
function roomOf(file: string): string {
  const [top, next = ''] = file.split('/');
  if (top !== 'src') return top ?? '';
  return next.includes('.') ? 'wiring' : next;
}

interface Import {
  file: string;
  target: string;
}

async function sources(): Promise<string[]> {
  const listed = await Promise.all(
    ['src', 'bot-scripts'].map(async (top) =>
      (await readdir(top, { recursive: true })).map((name) => path.posix.join(top, name)),
    ),
  );
  return listed.flat().filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'));
}

/** Every module a file names: import, import type, export from, import() and import types. */
function importsOf(file: string, text: string): Import[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Import[] = [];
  const add = (node: ts.Node | undefined): void => {
    if (node && ts.isStringLiteralLike(node) && node.text.startsWith('.')) {
      found.push({
        file,
        target: path.posix.join(path.posix.dirname(file), node.text).replace(/\.js$/, '.ts'),
      });
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) add(node.moduleSpecifier);
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0]);
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      add(node.argument.literal);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

let parsed: Promise<Import[]> | undefined;

/** Parsed once for all tests below. */
function allImports(): Promise<Import[]> {
  parsed ??= sources().then(async (files) => {
    const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
    return files.flatMap((file, index) => importsOf(file, texts[index] ?? ''));
  });
  return parsed;
}

const show = ({ file, target }: Import): string => `${file} → ${target}`;

test('every room has a floor', async () => {
  const rooms = new Set((await sources()).map(roomOf));
  expect([...rooms].filter((room) => floorOf(room) < 0)).toEqual([]);
});

test('arrows only point down', async () => {
  const wrong = (await allImports()).filter(({ file, target }) => {
    const [from, to] = [roomOf(file), roomOf(target)];
    return from !== to && floorOf(to) >= floorOf(from);
  });
  expect(wrong.map(show)).toEqual([]);
});

test('another room is entered by its door, index.ts', async () => {
  const wrong = (await allImports()).filter(({ file, target }) => {
    const to = roomOf(target);
    // Tests beside the code may go behind a door; scripts are loaded one by one.
    if (file.endsWith('.test.ts') || roomOf(file) === to || to === 'bot-scripts') return false;
    return target !== `src/${to}/index.ts`;
  });
  expect(wrong.map(show)).toEqual([]);
});

test('embedded-db stands alone', async () => {
  const wrong = (await allImports()).filter(
    ({ file, target }) => roomOf(file) === 'embedded-db' && roomOf(target) !== 'embedded-db',
  );
  expect(wrong.map(show)).toEqual([]);
});

test('only demo.ts knows the emulator', async () => {
  const wrong = (await allImports()).filter(
    ({ file, target }) =>
      roomOf(target) === 'emulator' && roomOf(file) !== 'emulator' && file !== 'src/demo.ts',
  );
  expect(wrong.map(show)).toEqual([]);
});

test('production does not reach the emulator', async () => {
  const imports = await allImports();
  const reached = new Set<string>();
  const walk = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    imports.filter((one) => one.file === file).forEach(({ target }) => walk(target));
  };
  walk('src/main.ts');
  expect([...reached].filter((file) => roomOf(file) === 'emulator')).toEqual([]);
  expect(reached.size).toBeGreaterThan(20);
});

test('only the clock reads the time of the machine', async () => {
  const wrong: string[] = [];
  for (const file of await sources()) {
    if (
      file === 'src/kernel/clock.ts' ||
      file.endsWith('.test.ts') ||
      roomOf(file) === 'embedded-db'
    )
      continue;
    const text = await readFile(file, 'utf8');
    if (/\bDate\.now\(|new Date\(\s*\)/.test(text)) wrong.push(file);
  }
  expect(wrong).toEqual([]);
});

test('the pure rooms do no I/O and ask for no chance', async () => {
  const wrong: string[] = [];
  for (const file of await sources()) {
    const pure = ['domain', 'chat', 'shorthand'].includes(roomOf(file));
    if (!pure || file.endsWith('.test.ts') || file === 'src/shorthand/cli.ts') continue;
    const text = await readFile(file, 'utf8');
    if (/from 'node:(fs|http|net|child_process)|process\.env|Math\.random|fetch\(/.test(text))
      wrong.push(file);
  }
  expect(wrong).toEqual([]);
});

/** Used by their command or by another tool's configuration. */
const RUN_BY_NAME = new Set(['@swc/core', '@swc/jest', 'eslint', 'jest', 'prettier']);

test('every dependency is imported by somebody', async () => {
  const { dependencies, devDependencies } = JSON.parse(await readFile('package.json', 'utf8')) as {
    dependencies: Record<string, string>;
    devDependencies: Record<string, string>;
  };
  const product = await textsUnder(['src', 'bot-scripts']);
  const everything = product + (await textsUnder(['test', '.']));
  const idle = [
    ...Object.keys(dependencies).filter((name) => !names(product, name)),
    ...Object.keys(devDependencies).filter(
      (name) => !name.startsWith('@types/') && !RUN_BY_NAME.has(name) && !names(everything, name),
    ),
  ];
  expect(idle).toEqual([]);
});

const names = (text: string, dependency: string): boolean =>
  ["'", '/'].some((end) => text.includes(`'${dependency}${end}`)) ||
  text.includes(`node_modules/${dependency}/`);

/** All code below these folders; of the top only its own files. */
async function textsUnder(folders: readonly string[]): Promise<string> {
  const files = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(folder, { recursive: folder !== '.' }))
        .filter((name) => /\.(?:ts|mjs|js|json)$/.test(name) && !name.includes('package'))
        .map((name) => path.posix.join(folder, name)),
    ),
  );
  const texts = await Promise.all(files.flat().map((file) => readFile(file, 'utf8')));
  return texts.join('\n');
}
