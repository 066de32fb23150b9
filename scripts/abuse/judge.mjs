// The table of what was measured, and the figure at its end.

/** Prints rows of `{ name, figures, problems, remarks }`; gives the exit code. A remark says what the machine kept from being seen. */
export function judge(rows) {
  const heads = ["attack", ...Object.keys(rows[0]?.figures ?? {}), "verdict"];
  const lines = rows.map(({ name, figures, problems, remarks = [] }) => [
    name,
    ...Object.values(figures),
    [...(problems.length === 0 ? ["ok"] : problems), ...remarks].join("; "),
  ]);
  const table = [heads, heads.map(() => "---"), ...lines];
  for (const cells of table) process.stdout.write(`| ${cells.join(" | ")} |\n`);
  const held = rows.filter(({ problems }) => problems.length === 0).length;
  process.stdout.write(`\n${held} of ${rows.length} held\n`);
  return held === rows.length && rows.length > 0 ? 0 : 1;
}
