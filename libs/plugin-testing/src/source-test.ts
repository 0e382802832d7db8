/** What an author gives to have a source tested. */
export interface SourceTest {
  /** The package's manifest, usually `new URL('../package.json', import.meta.url)`. */
  readonly packageJson: URL;
  /** Settings that must be accepted. Keep every one that an older release accepted. */
  readonly validConfigs: readonly unknown[];
  /** Settings that must be refused. */
  readonly invalidConfigs: readonly unknown[];
  /** A recorded body by the key of its feed. The first of `validConfigs` that has the feed is the one it is read with. */
  readonly fixtures: Readonly<Record<string, URL>>;
  /** Exactly what all fixtures hold together, in any order. */
  readonly entries: readonly ExpectedEntry[];
  /** Lines in the fixtures that are no address and are to be counted as such; none unless said otherwise. */
  readonly invalid?: number;
}

/** One entry that a fixture holds; addresses are compared by what they mean. */
export interface ExpectedEntry {
  readonly address: string;
  readonly reason?: string;
  readonly confidence?: number;
  readonly lastSeenAt?: Date;
}
