import type { SourceFile } from "../../source/source-file.ts";
import { type Draft, EMPTY_DRAFT } from "../draft.ts";
import type { ReadServerFile } from "./server-files.ts";
export function importCorefile(_file: SourceFile, _read: ReadServerFile): Draft {
  return EMPTY_DRAFT;
}
