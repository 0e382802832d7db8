export { dryRun, type DryRunOptions } from './dry-run.ts';
export { testConfiguration, type TestConfigurationOptions } from './test-configuration.ts';
export { ProgramFailed, type ProgramFailure } from './run-program.ts';
export type {
  ConfigurationProblem,
  ConfiguredJail,
  ConfiguredValue,
  DryRun,
  Fail2banPrograms,
  StreamCommand,
} from './configuration.ts';
