import { classify, Network } from '@bangui/ip';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Settings } from '../../core/config/settings.ts';
import { defineTopic, InstanceBus } from '../../core/instances/index.ts';
import { Log } from '../../core/logging/log.ts';
import { logEvents } from '../../core/logging/log-events.ts';
import { StartRefused } from '../../core/start-refused.ts';
import {
  AdministratorsService,
  FirstAdministrator,
  type NewAdministrator,
  SignInService,
  SignInThrottle,
} from '../auth/index.ts';
import { SetupCode } from './setup-code.ts';
import { SetupChecks } from './setup-checks.ts';
import { type SetupRequest, type SetupState } from './setup.dto.ts';
import { SetupCodeWrong, SetupDone } from './setup.errors.ts';

/** Where a set-up is asked from. */
export interface SetupPeer {
  readonly address: string;
  /** Whether the browser runs on this machine, so that no code is needed. */
  readonly isLocal: boolean;
  readonly userAgent: string;
  readonly requestId: string;
}

/** There is an administrator now. */
const setupEnded = defineTopic('setup-ended', () => true);

/** Stands for a user name in the limits on wrong codes; no user can have it. */
const throttleName = 'setup code';

/** Makes the first administrator: from a browser, or from the environment. */
@Injectable()
export class SetupService implements OnApplicationBootstrap {
  constructor(
    private readonly administrators: AdministratorsService,
    private readonly first: FirstAdministrator,
    private readonly signIns: SignInService,
    private readonly throttle: SignInThrottle,
    private readonly code: SetupCode,
    private readonly checks: SetupChecks,
    private readonly settings: Settings,
    private readonly bus: InstanceBus,
    private readonly log: Log,
  ) {}

  /** While nobody can sign in yet: makes the administrator of the environment, or a one-time code. */
  async onApplicationBootstrap(): Promise<void> {
    this.bus.on(setupEnded, { take: () => void this.tidy(), readAgain: () => void this.tidy() });
    if (!(await this.administrators.isEmpty())) return this.code.forget();
    const { adminUsername: username, adminPassword: password } = this.settings;
    if (username === undefined || password === undefined) return this.code.create();
    await this.addFromEnvironment({ username, password });
  }

  async state({ address, isLocal }: SetupPeer): Promise<SetupState> {
    const needed = await this.administrators.isEmpty();
    const network = needed ? Network.parse(address) : undefined;
    const isElsewhere = network !== undefined && classify(network) !== 'loopback';
    return {
      needed,
      codeRequired: needed && !isLocal,
      address: isElsewhere ? address : null,
      checks: needed ? await this.checks.all() : [],
    };
  }

  /** Makes the first administrator and signs them in. Rejects with {@link SetupDone} or {@link SetupCodeWrong}. */
  async complete({ username, password, code }: SetupRequest, peer: SetupPeer): ReturnType<SignInService['open']> {
    if (!(await this.administrators.isEmpty())) throw new SetupDone();
    if (!peer.isLocal) {
      await this.throttle.attempt(peer.address, throttleName);
      if (!(await this.code.matches(code))) throw new SetupCodeWrong();
      await this.throttle.succeeded(peer.address, throttleName);
    }
    const actor = { username: 'setup', address: peer.address, requestId: peer.requestId };
    const user = await this.first.add(actor, { username, password });
    if (!user) throw new SetupDone();
    await this.code.forget();
    this.bus.publish(setupEnded, true);
    this.log.info(logEvents.setupDone, { address: peer.address, username });
    return this.signIns.open(user, peer);
  }

  /** Another instance may have made the administrator: the code in our file is good for nothing now. */
  private async tidy(): Promise<void> {
    try {
      if (!(await this.administrators.isEmpty())) await this.code.removeFile();
    } catch {
      // It opens nothing, and the next start removes it.
    }
  }

  private async addFromEnvironment(administrator: NewAdministrator): Promise<void> {
    const actor = { username: 'environment', address: 'local', requestId: 'start' };
    const user = await this.first.add(actor, administrator).catch((error: unknown) => {
      throw new StartRefused(`BANGUI_ADMIN_PASSWORD: ${error instanceof Error ? error.message : String(error)}`);
    });
    await this.code.forget();
    if (user) this.log.info(logEvents.setupDone, { address: actor.address, username: administrator.username });
  }
}
