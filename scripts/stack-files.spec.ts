import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DaemonSet, Deployment } from 'kubernetes-models/apps/v1';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { Namespace, PersistentVolumeClaim, Service } from 'kubernetes-models/v1';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { checkout } from './lib/paths.ts';

interface Amounts {
  readonly cpus: string;
  readonly memory: string;
}

interface ComposeService {
  readonly image: string;
  readonly user?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly stop_grace_period?: string;
  readonly healthcheck?: Readonly<Record<string, unknown>>;
  readonly deploy: { readonly resources: { readonly limits: Amounts; readonly reservations: Amounts } };
}

interface KubernetesContainer {
  readonly name: string;
  readonly image: string;
  readonly resources: Record<'limits' | 'requests', { readonly cpu: string; readonly memory: string }>;
  readonly securityContext: {
    readonly runAsUser?: number;
    readonly runAsGroup?: number;
    readonly allowPrivilegeEscalation: boolean;
    readonly readOnlyRootFilesystem: boolean;
    readonly capabilities: { readonly drop: readonly string[]; readonly add?: readonly string[] };
  };
  readonly livenessProbe?: { readonly httpGet?: { readonly path: string } } & Readonly<Record<string, unknown>>;
  readonly startupProbe?: { readonly httpGet?: { readonly path: string } };
  readonly readinessProbe?: { readonly httpGet?: { readonly path: string } };
}

interface PodSpec {
  readonly securityContext: {
    readonly runAsUser?: number;
    readonly runAsGroup?: number;
    readonly supplementalGroups?: readonly number[];
  };
  readonly containers: readonly KubernetesContainer[];
}

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec?: { readonly template?: { readonly spec: PodSpec } };
}

const textOf = (path: string): string => readFileSync(join(checkout, 'docker', path), 'utf8');

function compose(name: string): Record<string, ComposeService> {
  const file: unknown = parse(textOf(name), { merge: true });
  return (file as { readonly services: Record<string, ComposeService> }).services;
}

const base = join(checkout, 'docker/kubernetes/base');
const manifests = readdirSync(base)
  .filter((file) => file !== 'kustomization.yaml')
  .flatMap((file) =>
    parseAllDocuments(readFileSync(join(base, file), 'utf8')).map((document) => document.toJS() as Manifest),
  );
const pods = new Map(
  manifests
    .flatMap(({ spec }) => spec?.template?.spec.containers ?? [])
    .map((container) => [container.name, container] as const),
);

/** As the specification has them; the enforcer, which it does not know, has what was measured. */
const amounts = {
  fail2ban: { limits: [0.5, 128], reservations: [0.1, 64] },
  api: { limits: [2, 512], reservations: [1, 256] },
  portal: { limits: [0.5, 128], reservations: [0.25, 64] },
  enforcer: { limits: [1, 256], reservations: [0.1, 64] },
};
const mebi = (text: string): number => Number(/^(\d+)(?:M|Mi)$/.exec(text)?.[1]);
const cores = (text: string): number => (text.endsWith('m') ? Number(text.slice(0, -1)) / 1000 : Number(text));

describe('limits and reservations', () => {
  it.each(Object.entries(amounts))('of %s are the promised ones in the stack, as literals', (name, promised) => {
    const { limits, reservations } = compose('compose.prod.yml')[name]?.deploy.resources ?? {};
    expect([Number(limits?.cpus), mebi(limits?.memory ?? '')]).toEqual(promised.limits);
    expect([Number(reservations?.cpus), mebi(reservations?.memory ?? '')]).toEqual(promised.reservations);
  });

  it.each(Object.entries(amounts))('of %s are the same in Kubernetes', (name, promised) => {
    const { limits, requests } = pods.get(name)?.resources ?? {};
    expect([cores(limits?.cpu ?? ''), mebi(limits?.memory ?? '')]).toEqual(promised.limits);
    expect([cores(requests?.cpu ?? ''), mebi(requests?.memory ?? '')]).toEqual(promised.reservations);
  });
});

describe('rights', () => {
  const capabilities = {
    fail2ban: ['NET_ADMIN', 'NET_RAW', 'DAC_READ_SEARCH'],
    api: [],
    portal: [],
    enforcer: ['NET_ADMIN', 'NET_RAW'],
  };

  it.each(Object.entries(capabilities))('of %s are the least, in both', (name, least) => {
    const service = compose('compose.prod.yml')[name];
    expect(service?.cap_drop).toEqual(['ALL']);
    expect(service?.cap_add ?? []).toEqual(least);
    expect(service?.read_only).toBe(true);
    const context = pods.get(name)?.securityContext;
    expect(context?.capabilities.drop).toEqual(['ALL']);
    expect(context?.capabilities.add ?? []).toEqual(least);
    expect(context?.readOnlyRootFilesystem).toBe(true);
    expect(context?.allowPrivilegeEscalation).toBe(false);
  });

  it('cannot grow in any container of the overlays and are dropped there too', () => {
    for (const { cap_drop, cap_add, read_only } of ['postgres', 'redis'].map(
      (name) => compose('compose.ha.yml')[name] as ComposeService,
    )) {
      expect({ cap_drop, cap_add, read_only }).toEqual({ cap_drop: ['ALL'], cap_add: undefined, read_only: true });
    }
    for (const image of ['api', 'portal', 'fail2ban']) {
      expect(textOf(`Dockerfile.${image}`)).toContain('ENTRYPOINT ["setpriv", "--no-new-privs", "--"');
      expect(textOf(`Dockerfile.${image}`)).toContain('-perm /6000 -exec chmod a-s');
    }
  });
});

describe('users and groups', () => {
  const users = { fail2ban: '0:10001', api: '10001', enforcer: '0:10001', portal: '101:101' };

  it.each(Object.entries(users))('of %s are said in each compose file, and by number in Kubernetes', (name, user) => {
    for (const file of ['compose.prod.yml', 'compose.yml']) expect(compose(file)[name]?.user).toBe(user);
    const pod = manifests.flatMap(({ spec }) => (spec?.template ? [spec.template.spec] : []));
    const { securityContext, containers } = pod.find((each) => each.containers.some((one) => one.name === name)) ?? {};
    const container = containers?.find((one) => one.name === name)?.securityContext;
    const { runAsUser, runAsGroup } = { ...securityContext, ...container };
    expect(`${runAsUser}:${runAsGroup}`).toBe(user === '10001' ? '10001:10001' : user);
    if (name === 'api') expect(securityContext?.supplementalGroups).toEqual([4]);
  });

  it('of the API are those of its image, which a group beside the user would leave out', () => {
    expect(textOf('Dockerfile.api')).toMatch(/^USER 10001$/m);
    expect(textOf('Dockerfile.api')).toMatch(/useradd --uid 10001 --gid bangui --groups adm /);
  });
});

describe('health', () => {
  it('of the API is asked as specified, in image, stack and Kubernetes', () => {
    expect(compose('compose.prod.yml')['api']?.healthcheck).toEqual({
      test: ['CMD', 'curl', '-f', 'http://localhost:8000/api/health'],
      interval: '30s',
      timeout: '10s',
      retries: 3,
      start_period: '40s',
    });
    const image = textOf('Dockerfile.api').replaceAll(/\\\n\s*/g, '');
    expect(image).toMatch(
      /^HEALTHCHECK --interval=30s --timeout=10s --retries=3 --start-period=40s --start-interval=2s CMD \["curl", "-f", "http:\/\/localhost:8000\/api\/health"\]$/m,
    );
    expect(pods.get('api')).toMatchObject({
      startupProbe: { httpGet: { path: '/api/health/live' } },
      livenessProbe: { httpGet: { path: '/api/health' }, periodSeconds: 30, failureThreshold: 3 },
      readinessProbe: { httpGet: { path: '/api/health/ready' } },
    });
  });

  it('leaves time to stop', () => {
    const services = compose('compose.prod.yml');
    const grace = (name: string): string | undefined => services[name]?.stop_grace_period;
    expect([grace('api'), grace('portal'), grace('fail2ban')]).toEqual(['30s', '30s', '120s']);
  });
});

describe('the manifests of Kubernetes', () => {
  const models = { DaemonSet, Deployment, Namespace, NetworkPolicy, PersistentVolumeClaim, Service };

  it.each(manifests.map((manifest) => [manifest.kind, manifest.metadata.name, manifest] as const))(
    '%s %s is valid',
    (kind, _name, manifest) => {
      const Model = models[kind as keyof typeof models];
      // Each model takes the whole of its own kind; what it holds is what validate looks at.
      const model = new Model(manifest as never);
      expect(() => model.validate()).not.toThrow();
    },
  );

  it('have the health check of the API where live-only replaces it', () => {
    const { patches } = parse(textOf('kubernetes/live-only/kustomization.yaml')) as {
      readonly patches: readonly {
        readonly target: { readonly kind: string; readonly name: string };
        readonly patch: string;
      }[];
    };
    expect(patches.map(({ target }) => target)).toEqual([{ kind: 'Deployment', name: 'api' }]);
    expect(parse(patches[0]?.patch ?? '')).toEqual([
      { op: 'replace', path: '/spec/template/spec/containers/0/livenessProbe/httpGet/path', value: '/api/health/live' },
    ]);
    const api = manifests.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'api');
    expect(api?.spec?.template?.spec.containers[0]?.livenessProbe?.httpGet?.path).toBe('/api/health');
  });

  it('are all listed to be applied, and their images are those of the stack', () => {
    const { resources } = parse(readFileSync(join(base, 'kustomization.yaml'), 'utf8')) as {
      readonly resources: readonly string[];
    };
    expect([...resources].sort()).toEqual(
      readdirSync(base)
        .filter((file) => file !== 'kustomization.yaml')
        .sort(),
    );
    const images = Object.values(compose('compose.prod.yml')).map(({ image }) =>
      image.replace('${BANGUI_IMAGE_PREFIX:-bangui}', 'bangui').replace(':${BANGUI_VERSION:-latest}', ''),
    );
    expect([...pods.values()].map(({ image }) => image).sort()).toEqual(images.sort());
  });
});
