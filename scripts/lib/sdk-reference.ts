import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { checkout } from './paths.ts';

/** A published package and the words that introduce its part of the page. */
interface Published {
  readonly name: string;
  readonly entry: string;
  readonly about: string;
}

const PACKAGES: readonly Published[] = [
  {
    name: '@bangui/plugin-sdk',
    entry: 'libs/plugin-sdk/src/index.ts',
    about: 'What a source is written with. It also gives on `z` of zod, for the settings.',
  },
  {
    name: '@bangui/plugin-testing',
    entry: 'libs/plugin-testing/src/index.ts',
    about: 'What a source is tested with.',
  },
];

const NOTE = 'Generated from the comments of the code by `npm run sdk-reference`; changes made by hand are lost.';

/** Text of `docs/reference/sdk.md`: everything that the published packages export, with its declaration and its comment. */
export function sdkReference(): string {
  const entries = PACKAGES.map(({ entry }) => join(checkout, entry));
  const program = ts.createProgram(entries, {
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    customConditions: ['bangui-src'],
    allowImportingTsExtensions: true,
    noEmit: true,
    strict: true,
    types: ['node'],
  });
  const parts = PACKAGES.map((published) => packagePart(program, published));
  return [
    '# SDK',
    NOTE,
    'What it means for a source is in the [contract](../plugins/README.md#the-contract).',
    ...parts,
  ]
    .join('\n\n')
    .concat('\n');
}

function packagePart(program: ts.Program, { name, entry, about }: Published): string {
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(join(checkout, entry));
  const module = file && checker.getSymbolAtLocation(file);
  if (module === undefined) throw new Error(`${entry} exports nothing`);
  const own = dirname(join(checkout, entry));
  const items = checker
    .getExportsOfModule(module)
    .map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol))
    .flatMap((symbol) => {
      const declaration = symbol.declarations?.[0];
      // What only passes through, as `z`, is described by its own package.
      if (!declaration?.getSourceFile().fileName.startsWith(own)) return [];
      return [itemPart(checker, symbol, symbol.declarations ?? [])];
    });
  return [`## ${name}`, about, ...items].join('\n\n');
}

function itemPart(checker: ts.TypeChecker, symbol: ts.Symbol, declarations: readonly ts.Declaration[]): string {
  const comment = ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim();
  const [first] = declarations;
  if (comment === '') {
    const place = relative(checkout, first?.getSourceFile().fileName ?? '');
    throw new Error(`${symbol.name} of ${place} has no comment`);
  }
  const code = declarations.map(declarationText).join('\n');
  const tags = symbol
    .getJsDocTags(checker)
    .filter(({ name }) => name === 'throws')
    .map(({ text }) => `Throws ${sentence(ts.displayPartsToString(text))}`);
  return [`### ${symbol.name}`, sentence(comment), ...tags, `\`\`\`ts\n${code}\n\`\`\``].join('\n\n');
}

/** A declaration as an author sees it: without bodies, private members and `export`. */
function declarationText(declaration: ts.Declaration): string {
  const source = declaration.getSourceFile();
  if (ts.isFunctionDeclaration(declaration)) {
    const end = declaration.body?.getFullStart() ?? declaration.end;
    return `${clean(source.text.slice(declaration.getStart(source), end))};`;
  }
  if (ts.isClassDeclaration(declaration)) {
    const members = declaration.members
      .filter((member) => !(ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Private))
      .map((member) => {
        const body = 'body' in member ? (member.body as ts.Node | undefined) : undefined;
        const text = source.text.slice(member.getStart(source), body?.getFullStart() ?? member.end);
        return `  ${text.replace(/;?\s*$/, '')};`;
      });
    const extended = declaration.heritageClauses?.map((clause) => ` ${clause.getText(source)}`).join('') ?? '';
    return `class ${declaration.name?.text ?? ''}${extended} {\n${members.join('\n')}\n}`;
  }
  const statement = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
  return clean(statement.getText(source));
}

const clean = (text: string): string => text.replace(/^export (?:default )?/, '').trim();

/** Comments are one paragraph for each blank line; links of TSDoc become their words. */
function sentence(text: string): string {
  return text
    .replace(
      /\{@link ([^}|]+)(?:\|([^}]+))?\}/g,
      (_, target: string, words?: string) => `\`${(words ?? target).trim()}\``,
    )
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.replace(/\s*\n\s*/g, ' '))
    .join('\n\n');
}
