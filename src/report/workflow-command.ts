/** The kinds of annotation that a run of GitHub Actions shows. */
export type AnnotationKind = "error" | "warning" | "notice";

/**
 * A line that GitHub Actions reads as an annotation: `::error file=a.zone,line=3::text`, with its line ending. Properties
 * stand in the order given.
 */
export function workflowCommand(
  kind: AnnotationKind,
  properties: Readonly<Record<string, string | number>>,
  message: string,
): string {
  const written = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  return `::${kind} ${written.join(",")}::${escapeMessage(message)}\n`;
}

/** What would end the line, and the sign that escapes: a message of several lines stays one command. */
function escapeMessage(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/** And what would end the property. */
function escapeProperty(text: string): string {
  return escapeMessage(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
