import fc from 'fast-check';

/** Files of a small configuration by path. */
export type Tree = Readonly<Record<string, string>>;

const text = fc.constantFrom(
  '1',
  '',
  'a b',
  'one\n  two',
  '\n  one\n  # note\n\n  two',
  'a ; note',
  'a;b',
  '100%%',
  '<x>',
  'é',
);
const reference = fc.constantFrom(
  '%(x)s',
  '%(y)s-%(x)s',
  '%(known/x)s',
  '%(known/x)s\n  more',
  '%(known/y)s+',
  '%(b/x)s',
  '%(default/y)s',
  '%(DEFAULT/y)s',
  '%(nobody/x)s',
  '%(known/failregex)s',
  '%(known/mode)s',
  '%(__name__)s',
  '%(fail2ban_version)s',
  '%(fail2ban_confpath)s/z',
  '%(nothing)s',
  '%(x',
  '50%',
);
const anything = fc.oneof({ weight: 3, arbitrary: text }, { weight: 2, arbitrary: reference });
const filter = fc.constantFrom(
  'f',
  'f[mode=aggressive]',
  'f[mode="a,b", x=\'1\']',
  'f[x=%(x)s][y=2]',
  'g[logtype=journal]',
  'f[port]',
  'f[x="1" y=2]',
  'missing',
  '',
  '%(__name__)s',
);
const action = fc.constantFrom(
  'act',
  'act[name=%(__name__)s, port="%(port)s"]',
  'act[x=1][y="2, 3"]\n  act[name=other, actname=second]',
  'act[x=1 y=2]',
  'act[x="a\n  b"]',
  'act [x=1,\n  y=2] act',
  'act[x=a=b, y=]',
  'program.py[x=1]',
  'missing',
  'act[x',
  'act[x="1"y]',
  '%(known/action)s\n  act[name=more]',
);

/** `[name]` with options by distinct names: a double one would have fail2ban refuse everything. */
function section(
  names: fc.Arbitrary<string>,
  options: readonly (readonly [string, fc.Arbitrary<string>])[],
): fc.Arbitrary<string> {
  const one = fc.constantFrom(...options).chain(([name, value]) => value.map((raw) => ({ name, raw })));
  const lines = fc.uniqueArray(one, { maxLength: 6, selector: ({ name }) => name.toLowerCase() });
  return fc
    .tuple(names, lines, fc.constantFrom('\n', '\n# note = 1\n', '\n\n'))
    .map(([name, set, gap]) => `[${name}]\n${set.map(({ name: option, raw }) => `${option} = ${raw}${gap}`).join('')}`);
}

function file(sections: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  return fc.tuple(...sections.map((one) => fc.option(one, { nil: '' }))).map((texts) => texts.join(''));
}

const jailOptions: readonly (readonly [string, fc.Arbitrary<string>])[] = [
  ['x', anything],
  ['Y', anything],
  ['port', anything],
  ['enabled', fc.constantFrom('true', 'no', 'ON', '%(x)s', 'sometimes')],
  ['filter', filter],
  ['action', action],
  ['bantime', fc.constantFrom('1h', '%(x)s', '10m')],
  ['maxretry', fc.constantFrom('3', '-1', '+5', '1_0', 'abc')],
  ['failregex', anything],
  ['usedns', fc.constantFrom('no', '%(known/usedns)s')],
  ['backend', fc.constantFrom('polling', 'systemd', 'systemd[journalflags=1]')],
];
const jails = file([
  section(fc.constant('DEFAULT'), jailOptions),
  section(fc.constant('a'), jailOptions),
  section(fc.constant('b'), jailOptions),
  section(fc.constantFrom('f', 'c d', 'É'), jailOptions),
]);

const tagged = fc.constantFrom(
  '<x> and <mode>',
  '<known/x>',
  '<Init/x>',
  '<default/x>',
  '<x_<mode>>',
  '<nothing> <HOST>',
  '<y>',
  '<bantime> <matches> <port>',
  '%(x)s',
  '%(known/failregex)s\n  <x>',
  '^<name>$',
  '<x?family=inet6>',
  '<maxretry>',
);
const value = fc.oneof({ weight: 3, arbitrary: tagged }, { weight: 2, arbitrary: text });
const definition = (options: readonly string[]) =>
  file([
    section(fc.constant('DEFAULT'), [
      ['x', text],
      ['y', value],
      ['mode', text],
    ]),
    section(fc.constant('Definition'), [
      ...options.map((name) => [name, value] as const),
      ['x', value],
      ['x_aggressive', value],
      ['mode', text],
      ['logtype', text],
    ]),
    section(fc.constant('Init'), [
      ['x', text],
      ['y', value],
      ['mode', fc.constantFrom('normal', '1', '%(x)s')],
      ['known/x', text],
    ]),
    section(fc.constant('Init?family=inet6'), [
      ['x', text],
      ['y', text],
    ]),
  ]);
const includes = fc.constantFrom(
  '',
  '',
  '[INCLUDES]\nbefore = common.conf\n',
  '[INCLUDES]\nafter = common.conf\n         missing.conf\n',
  '[INCLUDES]\nbefore = %(part)s.conf\nafter = common.local\n[DEFAULT]\npart = common\n',
);
// Where [Definition] is missing, fail2ban has no values at all, and fails over a reference to one.
const filterFile = definition(['failregex', 'ignoreregex', 'datepattern', 'usedns']).map((text) =>
  text.includes('[Definition]') ? text : `[Definition]\n${text}`,
);
const actionFile = definition(['actionban', 'actionunban', 'actionstart', 'actioncheck']);
const withIncludes = (text: fc.Arbitrary<string>) =>
  fc
    .tuple(includes, text)
    .map(([include, rest]) =>
      include.includes('[DEFAULT]') ? include + rest.replace(/\[DEFAULT\]\n/, '') : include + rest,
    );

/** Configurations with layers, includes, references and parameters: many of them with something that cannot be resolved. */
export const trees: fc.Arbitrary<Tree> = fc.record(
  {
    'jail.conf': jails.map((text) => `[INCLUDES]\nbefore = paths.conf\n${text}`),
    'paths.conf': file([section(fc.constant('DEFAULT'), jailOptions.slice(0, 3))]),
    'paths.local': file([section(fc.constant('DEFAULT'), jailOptions.slice(0, 3))]),
    'jail.local': jails,
    'jail.d/b.conf': jails,
    'jail.d/a.local': jails,
    'jail.d/zz-bangui-a.local': jails,
    'jail.d/.hidden.local': fc.constant('[hidden]\nenabled = true\n'),
    'filter.d/f.conf': withIncludes(filterFile),
    'filter.d/f.local': filterFile,
    'filter.d/g.conf': withIncludes(filterFile),
    'filter.d/common.conf': filterFile,
    'filter.d/common.local': filterFile,
    'filter.d/f.d/more.conf': filterFile,
    'action.d/act.conf': withIncludes(actionFile),
    'action.d/act.local': actionFile,
    'action.d/common.conf': actionFile,
    'action.d/program.py': fc.constant('# an action in Python\n'),
  },
  { requiredKeys: ['jail.conf', 'filter.d/f.conf', 'filter.d/g.conf', 'action.d/act.conf', 'action.d/program.py'] },
);
