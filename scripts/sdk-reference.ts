// `npm run sdk-reference`: writes docs/reference/sdk.md from the comments of the packages that authors of sources use.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkout } from './lib/paths.ts';
import { sdkReference } from './lib/sdk-reference.ts';

await writeFile(join(checkout, 'docs/reference/sdk.md'), sdkReference());
