import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { describeSource, loadSource, type SourceDescription } from './hosting/describe-source.ts';
import { reasonOf } from './hosting/plugin-fault.ts';

/** What became of one module, in the order of the modules. */
export type DescribeAnswer =
  { readonly description: SourceDescription; readonly problem?: undefined } | { readonly problem: string };

async function answer(entry: string): Promise<DescribeAnswer> {
  try {
    return { description: describeSource(await loadSource(pathToFileURL(entry).href)) };
  } catch (error) {
    return { problem: reasonOf(error) };
  }
}

// Only DescribeThread starts this file.
for (const entry of workerData as readonly string[]) parentPort?.postMessage(await answer(entry));
