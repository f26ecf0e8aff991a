// Typed doors to libcurl's variadic functions: Swift cannot call those. Nothing is decided here.
#pragma once
#include <curl/curl.h>
#include <stddef.h>
#include <stdint.h>

// Easy handles: one option, one value of the type that the option takes (curl_easy_setopt(3)).
CURLcode ccurl_set_long(CURL *easy, CURLoption option, long value);
CURLcode ccurl_set_large(CURL *easy, CURLoption option, curl_off_t value);
CURLcode ccurl_set_string(CURL *easy, CURLoption option, const char *value);
CURLcode ccurl_set_pointer(CURL *easy, CURLoption option, void *value);
// Copies the bytes: CURLOPT_SSLCERT_BLOB, CURLOPT_SSLKEY_BLOB.
CURLcode ccurl_set_blob(CURL *easy, CURLoption option, const char *bytes, size_t length);
CURLcode ccurl_set_list(CURL *easy, CURLoption option, struct curl_slist *value);

typedef size_t (*ccurl_bytes_fn)(char *bytes, size_t size, size_t count, void *context);
typedef int (*ccurl_before_fn)(void *context, char *peer, char *local, int peer_port, int local_port);
// `option` is CURLOPT_WRITEFUNCTION, CURLOPT_HEADERFUNCTION or CURLOPT_READFUNCTION.
CURLcode ccurl_set_bytes_function(CURL *easy, CURLoption option, ccurl_bytes_fn function);
typedef curl_socket_t (*ccurl_open_fn)(void *context, curlsocktype purpose, struct curl_sockaddr *address);
// Called for each address that is about to be dialled; it opens the socket, or answers CURL_SOCKET_BAD.
CURLcode ccurl_set_open_function(CURL *easy, ccurl_open_fn function);
// Called each time that a request is about to leave, on a connection that stands.
CURLcode ccurl_set_before_function(CURL *easy, ccurl_before_fn function);

CURLcode ccurl_get_long(CURL *easy, CURLINFO info, long *value);
CURLcode ccurl_get_large(CURL *easy, CURLINFO info, curl_off_t *value);
CURLcode ccurl_get_string(CURL *easy, CURLINFO info, const char **value);
CURLcode ccurl_get_pointer(CURL *easy, CURLINFO info, void **value);

// Multi handles.
typedef int (*ccurl_socket_fn)(CURL *easy, curl_socket_t socket, int what, void *context, void *socket_context);
typedef int (*ccurl_timer_fn)(CURLM *multi, long timeout_ms, void *context);
CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value);
CURLMcode ccurl_multi_set_pointer(CURLM *multi, CURLMoption option, void *value);
CURLMcode ccurl_multi_set_socket_function(CURLM *multi, ccurl_socket_fn function);
CURLMcode ccurl_multi_set_timer_function(CURLM *multi, ccurl_timer_fn function);

// One epoll descriptor for all of libcurl's sockets.
int ccurl_epoll_open(void);
// Watches a socket, or changes what is watched for. A socket that was closed and opened again under its number is taken as
// it is now. 0, or a negative errno.
int ccurl_epoll_watch(int epoll, int socket, int readable, int writable);
// Forgets a socket; one that is closed already is forgotten.
int ccurl_epoll_forget(int epoll, int socket);
// What is ready now, without waiting: sockets and CURL_CSELECT_ bits. How many, or a negative errno.
int ccurl_epoll_ready(int epoll, int *sockets, int *bits, int most);

// Options that name a constant which Swift does not import.
CURLcode ccurl_only_http11(CURL *easy);
