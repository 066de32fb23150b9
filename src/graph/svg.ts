import { Graphviz } from "@hpcc-js/wasm-graphviz";
import { dotOf } from "./dot.ts";
import type { Picture } from "./picture.ts";

/** The picture as SVG, laid out by Graphviz (decision 54). The comments that tell its version are left out. */
export async function svgOf(picture: Picture): Promise<string> {
  const graphviz = await Graphviz.load();
  const svg = graphviz.layout(dotOf(picture), "svg", "dot");
  return `${svg
    .slice(svg.indexOf("<svg"))
    .replaceAll(/<!--.*?-->\n?/gs, "")
    .trimEnd()}\n`;
}
