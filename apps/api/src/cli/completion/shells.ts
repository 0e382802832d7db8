import { completedCommands, type CompletedCommand } from './completed-commands.ts';

const optionsOf = ({ options }: CompletedCommand): string => options.map(({ option }) => option).join(' ');

const versionSummary = 'prints the version of BanGUI';

/** Script for bash: `source <(bangui completion bash)`. */
export function bashCompletion(): string {
  const commands = completedCommands();
  const offered = (words: string): string => `COMPREPLY=($(compgen -W '${words}' -- "$word"))`;
  // Readline itself knows best how names with blanks are written; it is not there when the function is called by hand.
  const files = 'compopt -o default 2>/dev/null || mapfile -t COMPREPLY < <(compgen -f -- "$word")';
  const what = (value: readonly string[] | 'file'): string => (value === 'file' ? files : offered(value.join(' ')));
  const cases = commands.map((command) => {
    const values = command.options.flatMap(({ option, value }) =>
      value === undefined ? [] : [`'${option}') ${what(value)} ;;`],
    );
    const first = command.subcommands.length > 0 ? command.subcommands : command.words;
    return [
      `    '${command.name}')`,
      `      case "$before" in`,
      ...values.map((line) => `        ${line}`),
      `        *)`,
      `          if [[ "$word" == -* ]]; then ${offered(optionsOf(command))}`,
      `          elif [[ "$COMP_CWORD" -eq 2 ]]; then ${what(first)}`,
      `          else ${command.words === 'file' ? files : ':'}; fi ;;`,
      `      esac ;;`,
    ].join('\n');
  });
  return `# Completion of bangui for bash. Load it with: source <(bangui completion bash)
_bangui() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" prefix
  COMPREPLY=()
  if [[ "$COMP_CWORD" -eq 1 ]]; then
    ${offered(`${commands.map(({ name }) => name).join(' ')} --version`)}
    return
  fi
  # A colon is a word of its own to readline, so what stands before it is put together again.
  if [[ "$word" == : ]]; then word=''; fi
  if [[ "$before" == : && "$COMP_CWORD" -ge 4 ]]; then
    prefix="\${COMP_WORDS[COMP_CWORD-2]}:"
    before="\${COMP_WORDS[COMP_CWORD-3]}"
  elif [[ "\${COMP_WORDS[COMP_CWORD]}" == : && "$COMP_CWORD" -ge 3 ]]; then
    prefix="\${before}:"
    before="\${COMP_WORDS[COMP_CWORD-2]}"
  fi
  word="$prefix$word"
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  if [[ -n "$prefix" ]]; then COMPREPLY=("\${COMPREPLY[@]#"$prefix"}"); fi
}
complete -F _bangui bangui`;
}

/** Script for zsh: a file `_bangui` in a folder of `fpath`. */
export function zshCompletion(): string {
  const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
  // A colon ends a part of what zsh is told.
  const colons = (text: string): string => text.replaceAll(':', '\\:');
  const described = (name: string, about: string): string => quoted(`${colons(name)}:${about}`);
  const cases = completedCommands().map((command) => {
    const options = command.options.map(({ option, value }) => {
      const action =
        value === undefined ? '' : value === 'file' ? ':file:_files' : `:value:(${colons(value.join(' '))})`;
      return quoted(`*${option}${action}`);
    });
    const first = command.subcommands.length > 0 ? command.subcommands : command.words;
    const action = (value: readonly string[] | 'file'): string =>
      value === 'file' ? '_files' : value.length > 0 ? `(${colons(value.join(' '))})` : ' ';
    const rest = command.words === 'file' ? ` '*:file:_files'` : '';
    const all = [...options, quoted(`1:word:${action(first)}`)].join(' ');
    return `    ${command.name}) _arguments ${all}${rest} ;;`;
  });
  const commands = completedCommands().map(({ name, summary }) => `    ${described(name, summary)}`);
  return `#compdef bangui
# Completion of bangui for zsh: bangui completion zsh > "\${fpath[1]}/_bangui"
local -a commands options
if (( CURRENT == 2 )); then
  options=(${described('--version', versionSummary)})
  commands=(
${commands.join('\n')}
  )
  _describe command commands -- options
else
  shift words
  (( CURRENT-- ))
  case "$words[1]" in
${cases.join('\n')}
  esac
fi`;
}

/** Script for fish: a file `bangui.fish` in its folder of completions. */
export function fishCompletion(): string {
  const quoted = (text: string): string => `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
  const lines = completedCommands().flatMap((command) => {
    const inside = `__bangui_command ${command.name}`;
    const first = command.subcommands.length > 0 ? command.subcommands : command.words;
    const isFirst = `${inside}; and test (count (commandline -opc)) -eq 2`;
    return [
      `complete -c bangui -f -n __fish_use_subcommand -a ${command.name} -d ${quoted(command.summary)}`,
      ...(first === 'file' ? [] : first.map((word) => `complete -c bangui -f -n ${quoted(isFirst)} -a ${word}`)),
      ...(command.words === 'file' ? [`complete -c bangui -F -n ${quoted(inside)}`] : []),
      ...command.options.map(({ option, about, value }) => {
        const after = value === undefined ? '' : value === 'file' ? ' -r -F' : ` -x -a ${quoted(value.join(' '))}`;
        return `complete -c bangui -n ${quoted(inside)} -l ${option.slice(2)}${after} -d ${quoted(about)}`;
      }),
    ];
  });
  return `# Completion of bangui for fish.
function __bangui_command
  set -l words (commandline -opc)
  test (count $words) -ge 2; and test $words[2] = $argv[1]
end
complete -c bangui -f
complete -c bangui -n __fish_use_subcommand -l version -d ${quoted(versionSummary)}
${lines.join('\n')}`;
}
