import { type CompletedCommand, flagsOf, takesPath } from "./completed.ts";

/** Completion for zsh, to be sourced or to lie in its function path as `_privlink`. */
export function zshCompletion(commands: readonly CompletedCommand[]): string {
  const values = commands.flatMap(({ name, options }) =>
    options.flatMap((option) => {
      if (option.value === undefined) return [];
      const patterns = flagsOf(option)
        .map((flag) => `"${name} ${flag}"`)
        .join("|");
      if (option.choices !== undefined) return [`    ${patterns}) compadd -- ${option.choices.join(" ")}; return ;;`];
      return [`    ${patterns}) ${takesPath(option) ? "_files; " : ""}return ;;`];
    }),
  );
  const own = commands.map(({ name, options, words }) => {
    const flags = options.map((option) => described(`--${option.name}`, option.describe));
    const other = words.length === 0 ? "_files" : `compadd -- ${words.join(" ")}`;
    return `    ${name})
      names=(${options.map((option) => `--${option.name}`).join(" ")})
      texts=(${flags.join(" ")})
      if [[ \${words[CURRENT]} == -* ]]; then compadd -l -d texts -a names; else ${other}; fi ;;`;
  });
  return `#compdef privlink
# Completion of privlink for zsh: source <(privlink completion zsh), after compinit
_privlink() {
  local -a names texts
  if ((CURRENT == 2)); then
    names=(${commands.map(({ name }) => name).join(" ")})
    texts=(${commands.map(({ name, describe }) => described(name, describe)).join(" ")})
    compadd -l -d texts -a names
    return
  fi
  case "\${words[2]} \${words[CURRENT - 1]}" in
${values.join("\n")}
  esac
  case \${words[2]} in
${own.join("\n")}
  esac
}
if [[ \${funcstack[1]-} == _privlink ]]; then _privlink "$@"; else compdef _privlink privlink; fi
`;
}

function described(name: string, text: string): string {
  return `'${`${name} -- ${text}`.replaceAll("'", "'\\''")}'`;
}
