export { dryRun, type DryRunOptions } from './dry-run.ts';
export { testConfiguration, type TestConfigurationOptions } from './test-configuration.ts';
export {
  ProgramFailed,
  type ProgramFailure,
  type ProgramLimits,
  type ProgramResult,
  runProgram,
} from './run-program.ts';
export type {
  ConfigurationProblem,
  ConfiguredJail,
  ConfiguredValue,
  DryRun,
  Fail2banPrograms,
  StreamCommand,
} from './configuration.ts';
export { readConfiguration } from './read-configuration.ts';
export { FolderUnreadable } from './configuration-folder.ts';
export { EditableFile, NotUtf8, UnwritableChange, type FileOption, type FileSection } from './editable-file.ts';
export { FileTooLarge, type IniProblem } from './ini-file.ts';
export type {
  Configuration,
  ConfigurationFile,
  DefinitionConfiguration,
  DefinitionUse,
  EffectiveOption,
  EffectiveOptions,
  FileProblem,
  JailConfiguration,
  Layer,
  OptionProblem,
  Origin,
  ReadConfigurationOptions,
  SetValue,
} from './effective-configuration.ts';
export { RegexTooSlow, type RegexLabOptions, type RegexLabRequest, regexLabLimits, tryRegexes } from './regex-lab.ts';
export {
  type FreeRegexes,
  type RegexLabGroup,
  type RegexLabLine,
  type RegexLabPart,
  type RegexLabResult,
  RegexUnusable,
} from './regex-lab-result.ts';
export { type RegexSuggestion, type RegexSuggestionCode, suggestionsFor } from './regex-lab-suggestions.ts';
export {
  type ProbeFinding,
  type ProbedRegexes,
  type ProbeOptions,
  probeRegexes,
  type ProbeSubject,
  regexProbeLimits,
} from './regex-probe.ts';
