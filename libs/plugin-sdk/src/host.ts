/** What a host of sources needs and an author of one does not: manifests, checks, secrets, unpacking. */
export { isEntryBatch, rangeOfText, unpack, type UnpackedRange } from './unpack.ts';
export { configProblems, jsonSchemaOf, readConfig, secretFields } from './config.ts';
export { feedProblems, isAllowedUrl, MAX_FEEDS } from './feed-problems.ts';
export { readManifest, type Manifest, type ManifestResult } from './manifest.ts';
export { fillSecrets, fillSecretsOfFeed, hasPlaceholder, withPlaceholders, type FilledFeed } from './secrets.ts';
export { isSourceId, LIMIT_CEILINGS, sourceProblems } from './source-problems.ts';
