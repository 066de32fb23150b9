/*
 * A UDP socket that moves many datagrams in one system call: recvmmsg(2) and sendmmsg(2), behind Node-API.
 *
 * One memory, made in JavaScript and laid out below, holds what arrives and what leaves. For each batch JavaScript is called
 * once; it writes replies into the same memory and calls `send`. Nothing is allocated for a datagram, here or there.
 *
 * libuv's header is no part of Node-API, its functions are exported by every node binary: the few used here are declared
 * by hand. Their signatures and both numbers have been the same in all of libuv 1.x.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define NAPI_VERSION 8
#include <node_api.h>

typedef struct uv_poll_s uv_poll_t;
typedef struct uv_handle_s uv_handle_t;
size_t uv_handle_size(int type);
int uv_poll_init(struct uv_loop_s *loop, uv_poll_t *handle, int fd);
int uv_poll_start(uv_poll_t *handle, int events, void (*on_events)(uv_poll_t *handle, int status, int events));
int uv_poll_stop(uv_poll_t *handle);
void uv_close(uv_handle_t *handle, void (*on_close)(uv_handle_t *handle));
void *uv_handle_get_data(const uv_handle_t *handle);
void uv_handle_set_data(uv_handle_t *handle, void *data);
const char *uv_err_name(int error);
enum { POLL_HANDLE = 8, READABLE = 1, WRITABLE = 2 };

/* Datagrams in a batch, and batches in a turn of the event loop: timers and connections have their turns too. */
enum { SLOTS = 64, BATCHES = 2 };
/* No datagram is longer than 65,535. The odd rest keeps the beginnings of slots in different sets of the cache. */
enum { IN_STRIDE = 65536 + 192, OUT_OCTETS = 131072, NAME_STRIDE = 32 };
/* Where each part of the memory begins. Lengths, offsets and errors are 32 bits each; names are `struct sockaddr`s. */
enum {
  IN_LENGTHS = 0,
  IN_NAMES = IN_LENGTHS + SLOTS * 4,
  OUT_OFFSETS = IN_NAMES + SLOTS * NAME_STRIDE,
  OUT_LENGTHS = OUT_OFFSETS + SLOTS * 4,
  OUT_ERRORS = OUT_LENGTHS + SLOTS * 4,
  OUT_NAMES = OUT_ERRORS + SLOTS * 4,
  OUT_PAYLOAD = OUT_NAMES + SLOTS * NAME_STRIDE,
  IN_PAYLOAD = OUT_PAYLOAD + OUT_OCTETS,
  MEMORY_OCTETS = IN_PAYLOAD + SLOTS * IN_STRIDE
};

/* Tells our objects from those of other add-ons. */
static const napi_type_tag TAG = {0x5b0c1f0e9a6d4c27, 0x9e41d7a2c6f83b15};

struct door {
  napi_env env;
  napi_ref self;     /* Strong while the socket is open. */
  napi_ref on_batch; /* Called with how many arrived, 0 when the system takes replies again, or an error below 0. */
  napi_ref memory_ref;
  napi_async_context context;
  napi_async_cleanup_hook_handle cleanup;
  uv_poll_t *poll; /* Null once closed. */
  uint8_t *memory;
  int fd;
  socklen_t name_length;
  struct mmsghdr in[SLOTS], out[SLOTS];
  struct iovec in_parts[SLOTS], out_parts[SLOTS];
};

/* ---- Errors: the name of the call, and errno's name as the code. ---- */

static napi_value throw_errno(napi_env env, const char *call, int error) {
  char text[96];
  const char *code = uv_err_name(-error);
  snprintf(text, sizeof text, "%s %s", call, code);
  napi_throw_error(env, code, text);
  return NULL;
}

static napi_value throw_arguments(napi_env env) {
  napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "datagrams: unexpected arguments");
  return NULL;
}

/* ---- What arrives ---- */

/* Calls JavaScript as node does from its own events: what it promised runs before this returns. */
static void call_on_batch(struct door *door, int32_t count) {
  napi_env env = door->env;
  napi_handle_scope scope;
  napi_value self, on_batch, argument;
  if (napi_open_handle_scope(env, &scope) != napi_ok) return;
  if (napi_get_reference_value(env, door->self, &self) == napi_ok &&
      napi_get_reference_value(env, door->on_batch, &on_batch) == napi_ok &&
      napi_create_int32(env, count, &argument) == napi_ok &&
      napi_make_callback(env, door->context, self, on_batch, 1, &argument, NULL) == napi_pending_exception) {
    napi_value error;
    if (napi_get_and_clear_last_exception(env, &error) == napi_ok) napi_fatal_exception(env, error);
  }
  napi_close_handle_scope(env, scope);
}

static void read_batches(struct door *door) {
  uint32_t *lengths = (uint32_t *)(void *)(door->memory + IN_LENGTHS);
  for (int batch = 0; batch < BATCHES && door->poll != NULL; batch++) {
    for (int i = 0; i < SLOTS; i++) door->in[i].msg_hdr.msg_namelen = door->name_length;
    int count = recvmmsg(door->fd, door->in, SLOTS, MSG_DONTWAIT, NULL);
    if (count < 0) {
      if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) call_on_batch(door, -errno);
      return; /* The poll is level-triggered: what is there is told of again. */
    }
    for (int i = 0; i < count; i++) lengths[i] = door->in[i].msg_len;
    if (count > 0) call_on_batch(door, count);
    if (count < SLOTS) return;
  }
}

static void on_events(uv_poll_t *poll, int status, int events) {
  struct door *door = uv_handle_get_data((uv_handle_t *)poll);
  if (status < 0) {
    call_on_batch(door, status);
    return;
  }
  if ((events & WRITABLE) != 0) call_on_batch(door, 0);
  if ((events & READABLE) != 0 && door->poll != NULL) read_batches(door);
}

/* ---- Open and close ---- */

static void free_poll(uv_handle_t *poll) { free(poll); }

static void free_poll_at_end(uv_handle_t *poll) {
  napi_remove_async_cleanup_hook(uv_handle_get_data(poll));
  free(poll);
}

/* The environment ends while the socket is open. */
static void on_end(napi_async_cleanup_hook_handle cleanup, void *data) {
  struct door *door = data;
  uv_poll_t *poll = door->poll;
  door->poll = NULL;
  uv_poll_stop(poll);
  close(door->fd);
  uv_handle_set_data((uv_handle_t *)poll, cleanup); /* The door may be freed before libuv has closed the handle. */
  uv_close((uv_handle_t *)poll, free_poll_at_end);
}

static void free_door(napi_env env, void *data, void *hint) {
  (void)env;
  (void)hint;
  free(data);
}

/* Opens and binds a socket; the error is negative, and `call` says whose it is. */
static int open_socket(int family, const struct sockaddr *name, socklen_t length, bool shares, const char **call) {
  const int on = 1;
  *call = "socket";
  int fd = socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -errno;
  int failed = 0;
  *call = "setsockopt";
  if (family == AF_INET6) failed = setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  if (failed == 0 && shares) failed = setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  if (failed == 0) {
    *call = "bind";
    failed = bind(fd, name, length);
  }
  if (failed == 0) return fd;
  int error = errno;
  close(fd);
  return -error;
}

/* Has the system's calls use the memory. */
static void lay_out(struct door *door) {
  for (int i = 0; i < SLOTS; i++) {
    door->in_parts[i] = (struct iovec){door->memory + IN_PAYLOAD + (size_t)i * IN_STRIDE, 65536};
    door->in[i].msg_hdr.msg_iov = &door->in_parts[i];
    door->in[i].msg_hdr.msg_iovlen = 1;
    door->in[i].msg_hdr.msg_name = door->memory + IN_NAMES + i * NAME_STRIDE;
    door->out[i].msg_hdr.msg_iov = &door->out_parts[i];
    door->out[i].msg_hdr.msg_iovlen = 1;
    door->out[i].msg_hdr.msg_name = door->memory + OUT_NAMES + i * NAME_STRIDE;
    door->out[i].msg_hdr.msg_namelen = door->name_length;
  }
}

/* new Datagrams(address, port, zone, sharesPorts, descriptor, memory, onBatch): 4 or 16 octets; zone "" and descriptor -1 are none. */
static napi_value construct(napi_env env, napi_callback_info info) {
  size_t count = 7, address_length, memory_length;
  napi_value self, arguments[7];
  napi_typedarray_type type;
  napi_valuetype function_type;
  void *address, *memory;
  uint32_t port;
  int32_t descriptor;
  bool shares;
  char zone[IF_NAMESIZE];
  if (napi_get_cb_info(env, info, &count, arguments, &self, NULL) != napi_ok || count != 7 ||
      napi_get_typedarray_info(env, arguments[0], &type, &address_length, &address, NULL, NULL) != napi_ok ||
      type != napi_uint8_array || (address_length != 4 && address_length != 16) ||
      napi_get_value_uint32(env, arguments[1], &port) != napi_ok || port > 65535 ||
      napi_get_value_string_utf8(env, arguments[2], zone, sizeof zone, NULL) != napi_ok ||
      napi_get_value_bool(env, arguments[3], &shares) != napi_ok ||
      napi_get_value_int32(env, arguments[4], &descriptor) != napi_ok ||
      napi_get_arraybuffer_info(env, arguments[5], &memory, &memory_length) != napi_ok ||
      memory_length < MEMORY_OCTETS || napi_typeof(env, arguments[6], &function_type) != napi_ok ||
      function_type != napi_function)
    return throw_arguments(env);

  struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
  struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  bool is_six = address_length == 16;
  memcpy(is_six ? (void *)&six.sin6_addr : (void *)&four.sin_addr, address, address_length);
  if (is_six && zone[0] != '\0') six.sin6_scope_id = if_nametoindex(zone);
  socklen_t length = is_six ? sizeof six : sizeof four;

  const char *call;
  int fd = descriptor >= 0 ? descriptor
                           : open_socket(is_six ? AF_INET6 : AF_INET,
                                         is_six ? (struct sockaddr *)&six : (struct sockaddr *)&four, length, shares, &call);
  if (fd < 0) return throw_errno(env, call, -fd);

  struct door *door = calloc(1, sizeof *door);
  uv_poll_t *poll = calloc(1, uv_handle_size(POLL_HANDLE));
  struct uv_loop_s *loop;
  int error = door == NULL || poll == NULL ? ENOMEM : 0;
  if (error == 0 && napi_get_uv_event_loop(env, &loop) != napi_ok) error = EINVAL;
  if (error == 0) error = -uv_poll_init(loop, poll, fd);
  if (error != 0) {
    free(door);
    free(poll);
    close(fd);
    return throw_errno(env, "poll", error);
  }
  *door = (struct door){.env = env, .poll = poll, .memory = memory, .fd = fd, .name_length = length};
  lay_out(door);
  uv_handle_set_data((uv_handle_t *)poll, door);

  napi_value name;
  if (napi_create_string_utf8(env, "Datagrams", NAPI_AUTO_LENGTH, &name) != napi_ok ||
      napi_async_init(env, NULL, name, &door->context) != napi_ok ||
      napi_type_tag_object(env, self, &TAG) != napi_ok ||
      napi_create_reference(env, arguments[5], 1, &door->memory_ref) != napi_ok ||
      napi_create_reference(env, arguments[6], 1, &door->on_batch) != napi_ok ||
      napi_wrap(env, self, door, free_door, NULL, NULL) != napi_ok ||
      napi_create_reference(env, self, 1, &door->self) != napi_ok ||
      napi_add_async_cleanup_hook(env, on_end, door, &door->cleanup) != napi_ok)
    napi_fatal_error("datagrams", NAPI_AUTO_LENGTH, "Node-API refused an object", NAPI_AUTO_LENGTH);
  uv_poll_start(poll, READABLE, on_events);
  return self;
}

/* The door of a call, with its one argument, where it has one; null, and thrown, where there is none or it is closed. */
static struct door *door_of(napi_env env, napi_callback_info info, int32_t *argument) {
  size_t count = 1;
  napi_value self, given;
  bool is_ours = false;
  void *data;
  if (napi_get_cb_info(env, info, &count, &given, &self, NULL) != napi_ok ||
      napi_check_object_type_tag(env, self, &TAG, &is_ours) != napi_ok || !is_ours ||
      napi_unwrap(env, self, &data) != napi_ok ||
      (argument != NULL && (count < 1 || napi_get_value_int32(env, given, argument) != napi_ok))) {
    throw_arguments(env);
    return NULL;
  }
  struct door *door = data;
  if (door->poll != NULL) return door;
  throw_errno(env, "datagrams", EBADF);
  return NULL;
}

static napi_value close_door(napi_env env, napi_callback_info info) {
  struct door *door = door_of(env, info, NULL);
  if (door == NULL) return NULL;
  uv_poll_t *poll = door->poll;
  door->poll = NULL;
  uv_poll_stop(poll); /* Before the descriptor goes: the number may be another's the next moment. */
  uv_close((uv_handle_t *)poll, free_poll);
  close(door->fd);
  napi_remove_async_cleanup_hook(door->cleanup);
  napi_async_destroy(env, door->context);
  napi_delete_reference(env, door->memory_ref);
  napi_delete_reference(env, door->on_batch);
  napi_delete_reference(env, door->self); /* The collector may have the object now, which frees the door. */
  return NULL;
}

/* ---- What leaves ---- */

/* Returns how many of the first `count` replies are done: sent, or with an error beside them. The system takes no more of the rest now. */
static napi_value send_replies(napi_env env, napi_callback_info info) {
  int32_t count;
  struct door *door = door_of(env, info, &count);
  if (door == NULL) return NULL;
  const uint32_t *offsets = (const uint32_t *)(const void *)(door->memory + OUT_OFFSETS);
  const uint32_t *lengths = (const uint32_t *)(const void *)(door->memory + OUT_LENGTHS);
  int32_t *errors = (int32_t *)(void *)(door->memory + OUT_ERRORS);
  if (count < 0 || count > SLOTS) return throw_arguments(env);
  for (int i = 0; i < count; i++) {
    if (offsets[i] > OUT_OCTETS || lengths[i] > OUT_OCTETS - offsets[i]) return throw_arguments(env);
    door->out_parts[i] = (struct iovec){door->memory + OUT_PAYLOAD + offsets[i], lengths[i]};
    errors[i] = 0;
  }
  int done = 0;
  while (done < count) {
    int sent = sendmmsg(door->fd, door->out + done, (unsigned)(count - done), MSG_DONTWAIT);
    if (sent >= 0) {
      done += sent;
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      break;
    } else if (errno != EINTR) {
      errors[done++] = -errno; /* Of the first one that is left; those behind it may well go. */
    }
  }
  napi_value result;
  return napi_create_int32(env, done, &result) == napi_ok ? result : NULL;
}

/* Whether to tell when the system takes replies again. */
static napi_value watch(napi_env env, napi_callback_info info) {
  int32_t is_waiting;
  struct door *door = door_of(env, info, &is_waiting);
  if (door != NULL) uv_poll_start(door->poll, is_waiting != 0 ? READABLE | WRITABLE : READABLE, on_events);
  return NULL;
}

/* ---- Facts of the socket ---- */

static napi_value port_of(napi_env env, napi_callback_info info) {
  struct door *door = door_of(env, info, NULL);
  if (door == NULL) return NULL;
  struct sockaddr_storage name = {0};
  socklen_t length = sizeof name;
  if (getsockname(door->fd, (struct sockaddr *)&name, &length) != 0) return throw_errno(env, "getsockname", errno);
  in_port_t port = name.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)(void *)&name)->sin6_port
                                              : ((struct sockaddr_in *)(void *)&name)->sin_port;
  napi_value result;
  return napi_create_uint32(env, ntohs(port), &result) == napi_ok ? result : NULL;
}

/* Asks for a receive buffer unless the octets are 0, and returns what the system tells of it. */
static napi_value receive_buffer(napi_env env, napi_callback_info info) {
  int32_t octets;
  struct door *door = door_of(env, info, &octets);
  if (door == NULL) return NULL;
  if (octets > 0) (void)setsockopt(door->fd, SOL_SOCKET, SO_RCVBUF, &octets, sizeof octets); /* What came of it is told. */
  int granted = 0;
  socklen_t length = sizeof granted;
  if (getsockopt(door->fd, SOL_SOCKET, SO_RCVBUF, &granted, &length) != 0) return throw_errno(env, "getsockopt", errno);
  napi_value result;
  return napi_create_int32(env, granted, &result) == napi_ok ? result : NULL;
}

static napi_value error_name(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value given, result;
  int32_t error;
  if (napi_get_cb_info(env, info, &count, &given, NULL, NULL) != napi_ok || count < 1 ||
      napi_get_value_int32(env, given, &error) != napi_ok)
    return throw_arguments(env);
  return napi_create_string_utf8(env, uv_err_name(error), NAPI_AUTO_LENGTH, &result) == napi_ok ? result : NULL;
}

/* ---- The module ---- */

static const struct {
  const char *name;
  int32_t value;
} LAYOUT[] = {
    {"slots", SLOTS},
    {"inLengths", IN_LENGTHS},
    {"inNames", IN_NAMES},
    {"inPayload", IN_PAYLOAD},
    {"inStride", IN_STRIDE},
    {"outOffsets", OUT_OFFSETS},
    {"outLengths", OUT_LENGTHS},
    {"outErrors", OUT_ERRORS},
    {"outNames", OUT_NAMES},
    {"outPayload", OUT_PAYLOAD},
    {"outOctets", OUT_OCTETS},
    {"nameStride", NAME_STRIDE},
    {"memoryOctets", MEMORY_OCTETS},
};

NAPI_MODULE_INIT() {
  const napi_property_descriptor methods[] = {
      {"send", NULL, send_replies, NULL, NULL, NULL, napi_default_method, NULL},
      {"watch", NULL, watch, NULL, NULL, NULL, napi_default_method, NULL},
      {"port", NULL, port_of, NULL, NULL, NULL, napi_default_method, NULL},
      {"receiveBuffer", NULL, receive_buffer, NULL, NULL, NULL, napi_default_method, NULL},
      {"close", NULL, close_door, NULL, NULL, NULL, napi_default_method, NULL},
  };
  napi_value class, layout, name;
  if (napi_define_class(env, "Datagrams", NAPI_AUTO_LENGTH, construct, NULL, sizeof methods / sizeof *methods, methods,
                        &class) != napi_ok ||
      napi_set_named_property(env, exports, "Datagrams", class) != napi_ok ||
      napi_create_function(env, "errorName", NAPI_AUTO_LENGTH, error_name, NULL, &name) != napi_ok ||
      napi_set_named_property(env, exports, "errorName", name) != napi_ok ||
      napi_create_object(env, &layout) != napi_ok)
    return NULL;
  for (size_t i = 0; i < sizeof LAYOUT / sizeof *LAYOUT; i++) {
    napi_value number;
    if (napi_create_int32(env, LAYOUT[i].value, &number) != napi_ok ||
        napi_set_named_property(env, layout, LAYOUT[i].name, number) != napi_ok)
      return NULL;
  }
  return napi_set_named_property(env, exports, "layout", layout) == napi_ok ? exports : NULL;
}
