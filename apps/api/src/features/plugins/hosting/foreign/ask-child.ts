import { PluginFault } from '../plugin-fault.ts';
import { ChildProcess, type ForeignCode } from './child-process.ts';
import { faultOfFrame } from './child-fault.ts';
import { frameKinds } from './frames.ts';
import { type ChildRequest } from './messages.ts';

/**
 * Asks a foreign source one thing that it answers at once.
 * @throws PluginFault when it does not answer in time, or at all
 */
export async function askChild(source: ForeignCode, request: ChildRequest, limitMs: number): Promise<unknown> {
  const child = await ChildProcess.start(source);
  const timer = setTimeout(
    () => child.fail(new PluginFault('too-slow', `It did not answer within ${limitMs} ms.`)),
    limitMs,
  );
  try {
    void child.sendJson(frameKinds.request, request);
    for await (const { kind, payload } of child.frames()) {
      if (kind === frameKinds.fault) throw faultOfFrame(payload);
      if (kind !== frameKinds.result) throw new PluginFault('broken', 'It answered something else than it was asked.');
      return jsonOf(payload);
    }
    throw child.endedEarly();
  } finally {
    clearTimeout(timer);
    await child.end();
  }
}

function jsonOf(payload: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(payload).toString('utf8'));
  } catch (error) {
    throw new PluginFault('broken', 'Its answer is not JSON.', { cause: error });
  }
}
