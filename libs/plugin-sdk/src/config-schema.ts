/**
 * A schema that checks a source's settings and can describe them: the parts of Standard Schema 1 and Standard JSON Schema 1
 * that BanGUI uses. zod (exported by this package as `z`) is one; so is any library that implements both.
 */
export interface ConfigSchema<Config = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly types?: { readonly input: unknown; readonly output: Config } | undefined;
    readonly validate: (value: unknown) => ConfigResult<Config> | Promise<ConfigResult<Config>>;
    readonly jsonSchema: {
      readonly input: (options: { readonly target: 'draft-2020-12' }) => Record<string, unknown>;
    };
  };
}

/** Outcome of a check: the settings with defaults filled in, or what is wrong with them. */
export type ConfigResult<Config> =
  { readonly value: Config; readonly issues?: undefined } | { readonly issues: readonly ConfigIssue[] };

/** One thing that is wrong with a setting. */
export interface ConfigIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}
