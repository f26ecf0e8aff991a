#include "ccurl.h"

CURLcode ccurl_set_long(CURL *easy, CURLoption option, long value) { return curl_easy_setopt(easy, option, value); }
CURLcode ccurl_set_large(CURL *easy, CURLoption option, curl_off_t value) { return curl_easy_setopt(easy, option, value); }
CURLcode ccurl_set_string(CURL *easy, CURLoption option, const char *value) { return curl_easy_setopt(easy, option, value); }
CURLcode ccurl_set_pointer(CURL *easy, CURLoption option, void *value) { return curl_easy_setopt(easy, option, value); }
CURLcode ccurl_set_list(CURL *easy, CURLoption option, struct curl_slist *value) { return curl_easy_setopt(easy, option, value); }
CURLcode ccurl_set_bytes_function(CURL *easy, CURLoption option, ccurl_bytes_fn function) { return curl_easy_setopt(easy, option, function); }
CURLcode ccurl_set_seek_function(CURL *easy, ccurl_seek_fn function) { return curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, function); }

CURLcode ccurl_get_long(CURL *easy, CURLINFO info, long *value) { return curl_easy_getinfo(easy, info, value); }
CURLcode ccurl_get_large(CURL *easy, CURLINFO info, curl_off_t *value) { return curl_easy_getinfo(easy, info, value); }
CURLcode ccurl_get_string(CURL *easy, CURLINFO info, const char **value) { return curl_easy_getinfo(easy, info, (char **)value); }
CURLcode ccurl_get_pointer(CURL *easy, CURLINFO info, void **value) { return curl_easy_getinfo(easy, info, value); }

CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value) { return curl_multi_setopt(multi, option, value); }
CURLMcode ccurl_multi_set_pointer(CURLM *multi, CURLMoption option, void *value) { return curl_multi_setopt(multi, option, value); }
CURLMcode ccurl_multi_set_socket_function(CURLM *multi, ccurl_socket_fn function) { return curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, function); }
CURLMcode ccurl_multi_set_timer_function(CURLM *multi, ccurl_timer_fn function) { return curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, function); }
