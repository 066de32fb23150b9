import type { EdgeKind, NodeKind } from "./picture.ts";

/** How a box looks, the same in every picture language. Text stands 4.5 : 1 or better against what is below it. */
export interface NodeLook {
  readonly shape: "box" | "rounded" | "cylinder" | "note";
  readonly fill: string;
  readonly line: string;
}

export const NODE_LOOKS: Readonly<Record<NodeKind, NodeLook>> = {
  clients: { shape: "rounded", fill: "#ebf4ff", line: "#3182ce" },
  resolver: { shape: "box", fill: "#ffffff", line: "#2c5282" },
  endpoint: { shape: "rounded", fill: "#faf5ff", line: "#805ad5" },
  zone: { shape: "cylinder", fill: "#f0fff4", line: "#38a169" },
  ruleset: { shape: "note", fill: "#fffff0", line: "#b7791f" },
  public: { shape: "box", fill: "#fffaf0", line: "#dd6b20" },
  outside: { shape: "box", fill: "#f7fafc", line: "#718096" },
  "private-answer": { shape: "rounded", fill: "#c6f6d5", line: "#276749" },
  "public-answer": { shape: "rounded", fill: "#feebc8", line: "#c05621" },
  "no-answer": { shape: "rounded", fill: "#edf2f7", line: "#4a5568" },
  reason: { shape: "note", fill: "#fff5f5", line: "#c53030" },
};

/** How an arrow looks. */
export interface EdgeLook {
  readonly line: string;
  readonly dash: "solid" | "dashed";
  readonly width: number;
}

export const EDGE_LOOKS: Readonly<Record<EdgeKind, EdgeLook>> = {
  asks: { line: "#2c5282", dash: "solid", width: 1 },
  link: { line: "#276749", dash: "solid", width: 1.5 },
  unused: { line: "#718096", dash: "dashed", width: 1 },
  rule: { line: "#975a16", dash: "solid", width: 1 },
  writes: { line: "#6b46c1", dash: "dashed", width: 1 },
  broken: { line: "#c53030", dash: "dashed", width: 2 },
  "private-step": { line: "#276749", dash: "solid", width: 1.5 },
  "public-step": { line: "#c05621", dash: "solid", width: 1.5 },
  step: { line: "#4a5568", dash: "solid", width: 1 },
};
