import { type CompletedCommand, flagsOf, takesPath } from "./completed.ts";

/** Completion for bash 4 and later. Where it knows nothing better it leaves paths to the shell. */
export function bashCompletion(commands: readonly CompletedCommand[]): string {
  const values = commands.flatMap((command) =>
    command.options.flatMap((option) => {
      if (option.value === undefined || (option.choices === undefined && takesPath(option))) return [];
      const patterns = flagsOf(option)
        .map((flag) => `"${command.name} ${flag}"`)
        .join("|");
      return [`      ${patterns}) words="${(option.choices ?? []).join(" ")}" ;;`];
    }),
  );
  const paths = commands.flatMap((command) =>
    command.options
      .filter((option) => option.value !== undefined && option.choices === undefined && takesPath(option))
      .flatMap((option) => flagsOf(option).map((flag) => `"${command.name} ${flag}"`)),
  );
  const flags = commands.map(
    ({ name, options }) => `        ${name}) words="${options.map((option) => `--${option.name}`).join(" ")}" ;;`,
  );
  const behind = commands
    .filter(({ words }) => words.length > 0)
    .map(({ name, words }) => `        ${name}) words="${words.join(" ")}" ;;`);
  return `# Completion of privlink for bash: source <(privlink completion bash)
_privlink() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} command=\${COMP_WORDS[1]} words=""
  # Bash takes --flag=value apart.
  if [[ $current == = ]]; then current=""; elif [[ $before == = ]]; then before=\${COMP_WORDS[COMP_CWORD - 2]}; fi
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    words="${commands.map(({ name }) => name).join(" ")}"
  else
    case "$command $before" in
${values.join("\n")}
      ${paths.join("|")}) return ;;
      *)
        if [[ $current == -* ]]; then
          case $command in
${flags.map((line) => `    ${line}`).join("\n")}
          esac
        else
          case $command in
${behind.map((line) => `    ${line}`).join("\n")}
          esac
        fi
        ;;
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o bashdefault -o default -F _privlink privlink
`;
}
