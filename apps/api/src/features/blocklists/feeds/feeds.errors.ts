import { AppError } from '../../../core/http/app-error.ts';

/** No feed has this name, or none is written like that. */
export class FeedUnknown extends AppError {
  readonly code = 'feed-unknown';
  readonly status = 404;
  constructor() {
    super(
      'There is no such feed. A feed is `merged` or the name of a list, with .txt, .cidr, .nft, .ipset, .json or .rsc.',
    );
  }
}

/** Nobody knows any more what has changed since that generation. */
export class GenerationGone extends AppError {
  readonly code = 'generation-gone';
  readonly status = 410;
  constructor() {
    super('What has changed since that generation is not known any more. Load the whole feed.');
  }
}
