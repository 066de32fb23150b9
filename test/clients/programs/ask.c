/*
 * Asks through the C library that it is built with: glibc, or musl.
 *
 *   ask getaddrinfo|res_search VERB NAME …      verbs: addresses aaaa text names
 *
 * A line for each question: milliseconds, a tab, what the library made of the answer.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <errno.h>
#include <netdb.h>
#include <resolv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#ifdef __GLIBC__
#include <gnu/libc-version.h>
#else
extern const char __libc_version[]; /* musl's own; a static program may read it. */
#endif

/* What the question under way made: printed behind its time. */
static FILE *out;

/* The numbers are the same in both libraries; musl's headers leave some names out. */
static const char *eai(int code) {
  switch (code) {
  case -1: return "EAI_BADFLAGS";
  case -2: return "EAI_NONAME";
  case -3: return "EAI_AGAIN";
  case -4: return "EAI_FAIL";
  case -5: return "EAI_NODATA";
  case -11: return "EAI_SYSTEM";
  default: return "another EAI code";
  }
}

static const char *herr(int code) {
  switch (code) {
  case HOST_NOT_FOUND: return "HOST_NOT_FOUND";
  case TRY_AGAIN: return "TRY_AGAIN";
  case NO_RECOVERY: return "NO_RECOVERY";
  case NO_DATA: return "NO_DATA";
  default: return "-1, h_errno as it was";
  }
}

static void addresses(const char *name, int family) {
  struct addrinfo hints = {.ai_family = family, .ai_socktype = SOCK_STREAM}, *found = NULL;
  int code = getaddrinfo(name, NULL, &hints, &found);
  if (code != 0) {
    fprintf(out, "%s\n", eai(code));
    return;
  }
  for (struct addrinfo *one = found; one != NULL; one = one->ai_next) {
    char text[INET6_ADDRSTRLEN];
    getnameinfo(one->ai_addr, one->ai_addrlen, text, sizeof text, NULL, 0, NI_NUMERICHOST);
    fprintf(out, one->ai_next == NULL ? "%s\n" : "%s ", text);
  }
  freeaddrinfo(found);
}

static void name_of(const char *address) {
  struct sockaddr_in at = {.sin_family = AF_INET};
  char host[NI_MAXHOST];
  inet_pton(AF_INET, address, &at.sin_addr);
  int code = getnameinfo((struct sockaddr *)&at, sizeof at, host, sizeof host, NULL, 0, NI_NAMEREQD);
  fprintf(out, "%s\n", code == 0 ? host : eai(code));
}

static void print_record(ns_msg *message, ns_rr *record) {
  const unsigned char *rdata = ns_rr_rdata(*record), *end = rdata + ns_rr_rdlen(*record);
  char text[NS_MAXDNAME];
  switch (ns_rr_type(*record)) {
  case ns_t_a: fprintf(out, "%s", inet_ntop(AF_INET, rdata, text, sizeof text)); break;
  case ns_t_aaaa: fprintf(out, "%s", inet_ntop(AF_INET6, rdata, text, sizeof text)); break;
  case ns_t_ptr:
    dn_expand(ns_msg_base(*message), ns_msg_end(*message), rdata, text, sizeof text);
    fprintf(out, "%s", text);
    break;
  case ns_t_txt:
    for (const char *between = ""; rdata < end; rdata += 1 + *rdata, between = " ")
      fprintf(out, "%s\"%.*s\"", between, *rdata, rdata + 1);
    break;
  default: break;
  }
}

/* Asks with res_search, which gives the octets of a reply, and prints the records of the type asked for. */
static void search(const char *name, int type) {
  static unsigned char octets[65536];
  ns_msg message;
  ns_rr record;
  h_errno = 0;
  int length = res_search(name, ns_c_in, type, octets, sizeof octets);
  if (length < 0) {
    fprintf(out, "%s\n", herr(h_errno));
    return;
  }
  if (length > (int)sizeof octets || ns_initparse(octets, length, &message) < 0) {
    fprintf(out, "a reply that cannot be read\n");
    return;
  }
  int count = ns_msg_count(message, ns_s_an), printed = 0;
  for (int i = 0; i < count; i++)
    if (ns_parserr(&message, ns_s_an, i, &record) == 0 && ns_rr_type(record) == type) {
      if (printed++ > 0) fprintf(out, " ");
      print_record(&message, &record);
    }
  if (printed == 0) {
    int rcode = ns_msg_getflag(message, ns_f_rcode);
    fprintf(out, "a reply with rcode %d and nothing", rcode);
  }
  fprintf(out, ns_msg_getflag(message, ns_f_tc) ? ", TC set\n" : "\n");
}

static void search_reverse(const char *address) {
  unsigned char octets[4];
  char name[64];
  inet_pton(AF_INET, address, octets);
  snprintf(name, sizeof name, "%d.%d.%d.%d.in-addr.arpa", octets[3], octets[2], octets[1], octets[0]);
  search(name, ns_t_ptr);
}

static void ask(int searches, const char *verb, const char *name) {
  if (strcmp(verb, "addresses") == 0) searches ? search(name, ns_t_a) : addresses(name, AF_UNSPEC);
  else if (strcmp(verb, "aaaa") == 0) searches ? search(name, ns_t_aaaa) : addresses(name, AF_INET6);
  else if (strcmp(verb, "names") == 0) searches ? search_reverse(name) : name_of(name);
  else if (strcmp(verb, "text") == 0 && searches) search(name, ns_t_txt);
  else fprintf(out, "no way to ask\n");
}

int main(int count, char **words) {
  if (count < 2) return 2;
  if (strcmp(words[1], "version") == 0) {
#ifdef __GLIBC__
    printf("%s\n", gnu_get_libc_version());
#else
    printf("%s\n", __libc_version);
#endif
    return 0;
  }
  int searches = strcmp(words[1], "res_search") == 0;
  for (int i = 2; i + 1 < count; i += 2) {
    struct timespec start, end;
    char *line = NULL;
    size_t size = 0;
    out = open_memstream(&line, &size);
    clock_gettime(CLOCK_MONOTONIC, &start);
    ask(searches, words[i], words[i + 1]);
    clock_gettime(CLOCK_MONOTONIC, &end);
    fclose(out);
    printf("%ld\t%s", (end.tv_sec - start.tv_sec) * 1000 + (end.tv_nsec - start.tv_nsec) / 1000000, line);
    free(line);
  }
  return 0;
}
