import { FileMemory, type SeenFiles } from "./file-memory.ts";
import { type KnownZones, ZoneMemory } from "./zone-memory.ts";

/** What one run of the config flow leaves to the next: what files held, and the zones that were packed of it. */
export interface LoadMemory {
  readonly files: FileMemory;
  readonly zones: ZoneMemory;
}

/** The same as plain data, for another thread. */
export interface RememberedLoad {
  readonly files: SeenFiles;
  readonly zones: KnownZones;
}

export function newLoadMemory(from?: RememberedLoad): LoadMemory {
  return { files: new FileMemory(Date.now, from?.files), zones: new ZoneMemory(from?.zones) };
}

export function rememberedIn({ files, zones }: LoadMemory): RememberedLoad {
  return { files: files.seen, zones: zones.known };
}
