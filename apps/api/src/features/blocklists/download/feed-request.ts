import { type SourceMetadata } from '@bangui/plugin-sdk';
import { type BodySize } from './read-body.ts';

/** What a publisher said of a feed when it was last downloaded, so that it is asked for changes only. */
export interface FeedValidators {
  readonly etag: string | null;
  readonly lastModified: string | null;
}

/** One feed to download. */
export interface FeedRequest {
  readonly url: string;
  /** With the secrets in their places; never logged. */
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined to get the whole feed whatever was there before. */
  readonly validators: FeedValidators | undefined;
  /** Hosts, schemes and limits that the source has declared. */
  readonly metadata: SourceMetadata;
}

/** What came. */
export type FeedResponse =
  | { readonly status: 'unchanged' }
  | {
      readonly status: 'changed';
      /** To be read to its end or not at all; it throws `DownloadProblem`. */
      readonly body: AsyncIterable<Uint8Array>;
      /** Grows while the body is read. */
      readonly size: BodySize;
      readonly validators: FeedValidators;
    };
