// Echoes for the matrix with libwebsockets: "MODE client URL" or "MODE server"; it compresses if MODE is "deflate".
//
// Says "version V", as a server "port N", and at the end of a connection "closed CODE REASON". A text "close", "ping" or
// "fragments" asks for that.
#include <libwebsockets.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum task { NOTHING, ECHO, CLOSE, PING, FRAGMENTS };

/** One connection: what has come of a message, and what to do when it can be written. */
struct peer {
  unsigned char *data; // behind LWS_PRE bytes
  size_t length;
  int is_text;
  enum task task;
  int step;
  int code;
  char reason[124];
};

static const char *const words[] = {"in ", "three ", "frames"};

static void append(struct peer *peer, const void *in, size_t length) {
  peer->data = realloc(peer->data, LWS_PRE + peer->length + length + 1);
  memcpy(peer->data + LWS_PRE + peer->length, in, length);
  peer->length += length;
}

static int is(const struct peer *peer, const char *text) {
  return peer->is_text && peer->length == strlen(text) && !memcmp(peer->data + LWS_PRE, text, peer->length);
}

static enum task task_of(const struct peer *peer) {
  return is(peer, "close") ? CLOSE : is(peer, "ping") ? PING : is(peer, "fragments") ? FRAGMENTS : ECHO;
}

static int send_word(struct lws *wsi, struct peer *peer) {
  unsigned char buffer[LWS_PRE + 16];
  size_t length = strlen(words[peer->step]);
  memcpy(buffer + LWS_PRE, words[peer->step], length);
  int first = peer->step == 0, last = peer->step == 2;
  lws_write(wsi, buffer + LWS_PRE, length, lws_write_ws_flags(LWS_WRITE_TEXT, first, last));
  peer->step++;
  return last;
}

/** Returns -1 to close. */
static int act(struct lws *wsi, struct peer *peer) {
  unsigned char ping[LWS_PRE + 5];
  int done = 1;
  switch (peer->task) {
    case CLOSE:
      lws_close_reason(wsi, 4000, (unsigned char *)"as you wish", 11);
      return -1;
    case PING:
      memcpy(ping + LWS_PRE, "marco", 5);
      lws_write(wsi, ping + LWS_PRE, 5, LWS_WRITE_PING);
      break;
    case FRAGMENTS:
      done = send_word(wsi, peer);
      break;
    case ECHO:
      lws_write(wsi, peer->data + LWS_PRE, peer->length, peer->is_text ? LWS_WRITE_TEXT : LWS_WRITE_BINARY);
      break;
    case NOTHING:
      return 0;
  }
  if (done) {
    peer->task = NOTHING;
    peer->length = 0;
    peer->step = 0;
  } else {
    lws_callback_on_writable(wsi);
  }
  return 0;
}

static void hear_close(struct peer *peer, const unsigned char *in, size_t length) {
  peer->code = length < 2 ? 1005 : in[0] << 8 | in[1];
  size_t reason = length < 2 ? 0 : length - 2;
  memcpy(peer->reason, in + 2, reason);
  peer->reason[reason] = 0;
}

static int callback(struct lws *wsi, enum lws_callback_reasons event, void *user, void *in, size_t length) {
  struct peer *peer = user;
  switch (event) {
    case LWS_CALLBACK_RECEIVE:
    case LWS_CALLBACK_CLIENT_RECEIVE:
      if (peer->length == 0) peer->is_text = !lws_frame_is_binary(wsi);
      append(peer, in, length);
      if (lws_remaining_packet_payload(wsi) == 0 && lws_is_final_fragment(wsi)) {
        peer->task = task_of(peer);
        lws_callback_on_writable(wsi);
      }
      return 0;
    case LWS_CALLBACK_SERVER_WRITEABLE:
    case LWS_CALLBACK_CLIENT_WRITEABLE:
      return act(wsi, peer);
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
      hear_close(peer, in, length);
      return 0;
    case LWS_CALLBACK_CLOSED:
    case LWS_CALLBACK_CLIENT_CLOSED:
      printf("closed %d %s\n", peer->code ? peer->code : 1006, peer->reason);
      free(peer->data);
      peer->data = NULL;
      return 0;
    default:
      return lws_callback_http_dummy(wsi, event, user, in, length);
  }
}

static const struct lws_protocols protocols[] = {
    {"echo", callback, sizeof(struct peer), 0, 0, NULL, 0}, {NULL, NULL, 0, 0, 0, NULL, 0}};

static const struct lws_extension extensions[] = {
    {"permessage-deflate", lws_extension_callback_pm_deflate, "permessage-deflate; client_max_window_bits"},
    {NULL, NULL, NULL}};

static void connect_to(struct lws_context *context, const char *url) {
  char host[64];
  int port;
  sscanf(url, "ws://%63[^:]:%d/", host, &port);
  struct lws_client_connect_info info = {0};
  info.context = context;
  info.address = info.host = host;
  info.port = port;
  info.path = "/";
  info.local_protocol_name = "echo";
  lws_client_connect_via_info(&info);
}

/** The test that has started this process ends it by closing its input. */
static void *end_with_input(void *unused) {
  (void)unused;
  while (getchar() != EOF) {
  }
  _exit(0);
}

int main(int count, char **arguments) {
  (void)count;
  pthread_t reader;
  pthread_create(&reader, NULL, end_with_input, NULL);
  setvbuf(stdout, NULL, _IOLBF, 0);
  printf("version %s\n", LWS_LIBRARY_VERSION);
  lws_set_log_level(0, NULL);
  int is_client = !strcmp(arguments[2], "client");
  struct lws_context_creation_info info = {0};
  info.port = is_client ? CONTEXT_PORT_NO_LISTEN : 0;
  info.iface = "127.0.0.1";
  info.protocols = protocols;
  info.extensions = strcmp(arguments[1], "deflate") ? NULL : extensions;
  struct lws_context *context = lws_create_context(&info);
  if (is_client) {
    connect_to(context, arguments[3]);
  } else {
    printf("port %d\n", lws_get_vhost_listen_port(lws_get_vhost_by_name(context, "default")));
  }
  while (lws_service(context, 0) >= 0) {
  }
  return 0;
}
