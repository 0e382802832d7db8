import { posix } from 'node:path';
import { ConfigurationFolder } from './configuration-folder.ts';
import { ConfigurationSections, type FileSectionValues } from './configuration-sections.ts';
import type { ConfigurationFile, FileProblem, Layer } from './effective-configuration.ts';
import { type IniFile, parseIni } from './ini-file.ts';
import { attempt, interpolate } from './interpolation.ts';
import { compareCodePoints } from './python-text.ts';

/** More than this many files for one jail, filter or action are the work of includes that include each other many times. */
const maxFilesOfOne = 1_000;
/** Includes within includes. */
const maxIncludeDepth = 50;

interface LoadedFile {
  readonly file: ConfigurationFile;
  readonly sections: readonly FileSectionValues[];
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** All files of a folder, and in which order fail2ban reads them for a name (client/configreader.py). */
export class ConfigurationTree {
  private readonly folder: ConfigurationFolder;
  private readonly bases: readonly string[];
  private readonly loaded = new Map<string, LoadedFile>();
  private readonly byFolder = new Map<string, string[]>();
  private readonly tried = new Set<string>();
  private readonly ordered = new Map<string, readonly string[]>();
  private readonly made = new Map<string, ConfigurationSections>();
  private readonly includeProblems = new Map<string, FileProblem>();

  private constructor(folder: ConfigurationFolder, bases: readonly string[]) {
    this.folder = folder;
    this.bases = bases;
  }

  /** `bases` are absolute paths that the folder is known by: an include may name its files so. Throws FolderUnreadable. */
  static async read(path: string, bases: readonly string[]): Promise<ConfigurationTree> {
    const folder = await ConfigurationFolder.read(path);
    const tree = new ConfigurationTree(folder, bases);
    // What is included may stand where it is not looked for, and include further files.
    for (let wanted = tree.load(); wanted.length > 0; wanted = tree.load()) await folder.readMore(wanted);
    for (const file of tree.loaded.keys()) tree.list(file);
    for (const files of tree.byFolder.values()) files.sort(compareCodePoints);
    return tree;
  }

  files(): readonly ConfigurationFile[] {
    return [...this.loaded.values()].map(({ file }) => file).sort((a, b) => compareCodePoints(a.path, b.path));
  }

  /** Of all files. Of includes only what came up while sections were asked for. */
  problems(): readonly FileProblem[] {
    return [...this.files().flatMap(({ problems }) => problems), ...this.includeProblems.values()];
  }

  /** Names of the `.conf` and `.local` files in a folder, without their ending, sorted. */
  names(folder: string): readonly string[] {
    const names = (this.byFolder.get(folder) ?? []).map((path) => posix.parse(path).name);
    return [...new Set(names)].sort(compareCodePoints);
  }

  hasProgram(path: string): boolean {
    return this.folder.hasProgram(path);
  }

  /** What is read for `jail`, `filter.d/sshd` and the like; `undefined` when there is no such file. */
  sections(name: string): ConfigurationSections | undefined {
    const made = this.made.get(name);
    if (made || !this.has(name)) return made;
    const sections = new ConfigurationSections();
    for (const path of this.filesOf(name)) sections.add(this.loaded.get(path)?.sections ?? []);
    this.made.set(name, sections);
    return sections;
  }

  /** Whether there is a file for the name that can be read. */
  has(name: string): boolean {
    return this.filesOf(name).length > 0;
  }

  /** What is read for a name, in order, includes among them. */
  filesOf(name: string): readonly string[] {
    const known = this.ordered.get(name);
    if (known) return known;
    const own = this.byFolder.get(`${name}.d`) ?? [];
    const paths = [
      `${name}.conf`,
      ...own.filter((path) => path.endsWith('.conf')),
      `${name}.local`,
      ...own.filter((path) => path.endsWith('.local')),
    ].filter((path) => this.loaded.has(path));
    const files: string[] = [];
    this.collect(paths, [], files);
    this.ordered.set(name, files);
    return files;
  }

  /** Parses what the folder has read since, and gives the files that this includes and that were not read yet. */
  private load(): string[] {
    const wanted = new Set<string>();
    for (const path of this.folder.paths()) {
      if (this.loaded.has(path)) continue;
      const file = this.parse(path);
      this.loaded.set(path, file);
      for (const include of [...file.before, ...file.after]) wanted.add(include).add(localOf(include));
    }
    return [...wanted].filter((path) => !this.tried.has(path) && this.tried.add(path));
  }

  private list(path: string): void {
    const folder = posix.dirname(path);
    const files = this.byFolder.get(folder);
    if (files === undefined) this.byFolder.set(folder, [path]);
    else files.push(path);
  }

  /** fail2ban's order of a list of files: what a file includes before it, the file, what it includes after it. */
  private collect(paths: readonly string[], within: readonly string[], files: string[]): void {
    for (const path of paths) {
      this.collectOne(path, within, files);
      const local = localOf(path);
      if (!paths.includes(local)) this.collectOne(local, within, files);
    }
  }

  private collectOne(path: string, within: readonly string[], files: string[]): void {
    const found = this.loaded.get(path);
    if (found === undefined || found.file.text === null) return;
    const chain = [...within, path];
    const include = (names: readonly string[]) => {
      for (const name of names) {
        if (within.includes(name) || chain.length > maxIncludeDepth || files.length > maxFilesOfOne) {
          this.includeProblems.set(`${path}\n${name}`, {
            file: path,
            line: null,
            message: within.includes(name)
              ? `${name} includes this file, and is included by it: it is not read again.`
              : `${name} is not read: too many files include each other.`,
          });
        } else {
          this.collect([name], chain, files);
        }
      }
    };
    include(found.before);
    files.push(path);
    include(found.after);
  }

  private parse(path: string): LoadedFile {
    const { text, bytes, problem } = this.folder.get(path) ?? { text: null, bytes: 0, problem: 'It cannot be read.' };
    const layer = layerOf(path);
    if (text === null) {
      const problems = [{ file: path, line: null, message: problem }];
      return { file: { path, layer, bytes, text: null, problems }, sections: [], before: [], after: [] };
    }
    const ini = parseIni(text);
    const problems: FileProblem[] = ini.problems.map(({ line, message }) => ({ file: path, line, message }));
    const sections = sectionsOf(path, layer, ini);
    const own = new ConfigurationSections();
    if (sections.some(({ name }) => name === 'INCLUDES')) own.add(sections);
    const includes = (option: string): string[] => {
      const raw = own.has('INCLUDES') ? (own.own('INCLUDES', option) ?? own.default(option)) : undefined;
      if (raw === undefined) return [];
      const { value, problem: unresolved } = attempt(() => interpolate({ sections: own, section: 'INCLUDES' }, raw));
      if (value === null) {
        problems.push({ file: path, line: null, message: `What it includes cannot be told: ${unresolved}` });
        return [];
      }
      return value.split('\n').flatMap((name) => {
        const include = name === '' ? undefined : this.place(name, path);
        if (include === null) {
          problems.push({
            file: path,
            line: null,
            message: `${name.slice(0, 200)} leads out of the folder: it is not read.`,
          });
        }
        return include ?? [];
      });
    };
    const before = includes('before');
    const after = includes('after');
    return { file: { path, layer, bytes, text, problems }, sections, before, after };
  }

  /** Where an included name is; `null` when that is outside the folder. */
  private place(name: string, includedBy: string): string | null {
    if (!name.startsWith('/')) return ConfigurationFolder.confined(posix.join(posix.dirname(includedBy), name), '/');
    for (const base of this.bases) {
      const inside = ConfigurationFolder.confined(name, base);
      if (inside !== null) return inside;
    }
    return null;
  }
}

function sectionsOf(path: string, layer: Layer, { sections }: IniFile): FileSectionValues[] {
  return sections.map(({ name, line, options }) => ({
    name,
    header: { file: path, line: line + 1, lastLine: line + 1, layer, section: name },
    options: options.map((option) => [
      option.name,
      {
        raw: option.value,
        origin: {
          file: path,
          line: option.line + 1,
          lastLine: (option.parts.at(-1)?.line ?? option.line) + 1,
          layer,
          section: name,
        },
      },
    ]),
  }));
}

function localOf(path: string): string {
  const { dir, name } = posix.parse(path);
  return posix.join(dir, `${name}.local`);
}

/** `filter.d` and `action.d` hold files of their own; any other `X.d` holds what is laid over `X.conf`. */
function layerOf(path: string): Layer {
  const { dir, base, ext } = posix.parse(path);
  if (dir === 'jail.d' && base.startsWith('zz-bangui-') && ext === '.local') return 'ours';
  if (path === 'fail2ban.d/zz-bangui.local') return 'ours';
  const isOver = dir.endsWith('.d') && dir !== 'filter.d' && dir !== 'action.d';
  if (ext === '.local') return isOver ? 'local-d' : 'local';
  return isOver ? 'stock-d' : 'stock';
}
