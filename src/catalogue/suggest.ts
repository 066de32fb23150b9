import { serviceTypes } from "./service-types.ts";

/** At most this many suggestions: more would be a list, which `privlink catalogue` prints better. */
const MAX_SUGGESTIONS = 3;

/** What people call a service, beside its name. */
const NICKNAMES: ReadonlyMap<string, string> = new Map([
  ["acr", "azure/container-registry"],
  ["adf", "azure/data-factory"],
  ["adx", "azure/data-explorer"],
  ["aks", "azure/kubernetes"],
  ["ampls", "azure/monitor"],
  ["apim", "azure/api-management"],
  ["app-service", "azure/web-app"],
  ["appconfig", "azure/app-configuration"],
  ["asr", "azure/recovery-vault"],
  ["avd", "azure/virtual-desktop-host-pool"],
  ["cognitive-services", "azure/ai-services"],
  ["eventhub", "azure/event-hubs"],
  ["function-app", "azure/web-app"],
  ["hsm", "azure/managed-hsm"],
  ["keyvault", "azure/key-vault"],
  ["kusto", "azure/data-explorer"],
  ["openai", "azure/ai-services"],
  ["registry", "azure/container-registry"],
  ["vault", "azure/key-vault"],
]);

/** Short names a user may have meant, the nearest first; none when nothing is near. */
export function suggestServiceTypes(text: string): string[] {
  const wanted = bare(text);
  const nickname = NICKNAMES.get(wanted);
  if (nickname !== undefined) return [nickname];
  if (wanted === "") return [];
  const ranked = serviceTypes().map(({ id, resourceType }) => {
    const names = [bare(id), bare(resourceType)];
    const within = names.some((name) => wanted.length >= 3 && (name.includes(wanted) || wanted.includes(name)));
    const distance = Math.min(...names.map((name) => editDistance(wanted, name)));
    return { id, distance: within ? Math.min(distance, 1) : distance, own: distance };
  });
  return ranked
    .filter(({ distance }) => distance <= Math.max(1, Math.floor(wanted.length / 3)))
    .sort((a, b) => a.distance - b.distance || a.own - b.own)
    .slice(0, MAX_SUGGESTIONS)
    .map(({ id }) => id);
}

/** Without the provider: what people get wrong is the rest. */
function bare(text: string): string {
  return text
    .toLowerCase()
    .trim()
    .replace(/^.*\//, "")
    .replace(/[\s_]+/g, "-");
}

/** How many characters must be put in, taken out or changed. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_one, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
