import type { UpstreamReply } from "../resolve/upstream.ts";
import type { GoodReply } from "./reply-age.ts";

/** How long a client waits before it gets an answer that is past its time (RFC 8767 §5, "client response timer"). */
const CLIENT_RESPONSE_MS = 1800;

/** What is being asked, or the stale answer where that fails or takes too long. */
export async function withStale(
  asked: UpstreamReply | Promise<UpstreamReply>,
  stale: GoodReply,
): Promise<UpstreamReply> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<UpstreamReply>((resolve) => {
    timer = setTimeout(() => resolve(stale), CLIENT_RESPONSE_MS);
  });
  const reply = await Promise.race([asked, patience]);
  clearTimeout(timer);
  return reply.kind === "failed" ? stale : reply;
}
