import { serve } from "../../app/serve-app.ts";
import { openLoadThread } from "../../project/load-thread.ts";
import { takesColor } from "../color.ts";
import type { Command } from "../command.ts";
import { misuse } from "../misuse.ts";
import { modelRoutes } from "../model-routes.ts";
import { SERVE_OPTIONS } from "../serve-options.ts";
import { readServeOrder } from "../serve-order.ts";
import { readServeTerms } from "../serve-terms.ts";

export const serveCommand: Command = {
  name: "serve",
  usage:
    "privlink serve [PATH…] [-c FILE] [--listen ADDR:PORT[=WHO]]… [--network NAME=CIDR]… [--forward DOMAIN=ADDR]… [--resolver NAME=ADDR]… [-- COMMAND…]",
  describe: "answers over UDP and TCP as each network's own DNS would",
  details: `PATH is a topology, or zone files and folders of them: public zones, or with --network private zones that those
networks see. Without PATH and -c: privlink.yaml here, else with --forward nothing, else the built-in example.
Reloads when files change, and on SIGHUP, which reads all of them again. SIGTERM and SIGINT end it, a second one at once.
The banner ends with "Ready.".
With -- COMMAND it runs the command beside the server, ends with it, and its exit code is the command's.`,
  options: SERVE_OPTIONS,
  takesProgram: true,
  async run(args, io) {
    const order = readServeOrder(args, io);
    if (typeof order === "string") return misuse(io, serveCommand, order);
    const terms = readServeTerms(args, io);
    if (typeof terms === "string") return misuse(io, serveCommand, terms);
    return serve(
      { order, ...terms },
      {
        stderr: io.stderr,
        color: takesColor(args, io, "stderr"),
        onSignal: io.onSignal,
        platform: io.platform,
        onUnhandled: io.onUnhandled,
        thread: openLoadThread(),
        modelRoutes: (snapshots) => modelRoutes(snapshots, io.version),
      },
    );
  },
};
