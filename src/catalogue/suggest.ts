import { countMistakes, mistakesAllowed } from "../name/nearest.ts";
import { providerServices } from "./provider-services.ts";
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
  const provided = providerServices().map(({ id }) => ({ id, resourceType: id }));
  const ranked = [...serviceTypes(), ...provided].map(({ id, resourceType }) => {
    const names = [bare(id), bare(resourceType)];
    const within = names.some((name) => wanted.length >= 3 && (name.includes(wanted) || wanted.includes(name)));
    const distance = Math.min(...names.map((name) => countMistakes(wanted, name)));
    return { id, distance: within ? Math.min(distance, 1) : distance, own: distance };
  });
  return ranked
    .filter(({ distance }) => distance <= mistakesAllowed(wanted))
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
