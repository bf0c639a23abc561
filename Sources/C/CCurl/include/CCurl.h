// SPDX-License-Identifier: Apache-2.0
//
// libcurl for Swift. Swift imports no variadic C functions, so curl_easy_setopt and its kin get one shim for each
// type of argument. The shims add nothing else: every option is chosen in Swift, where it is tested.
#ifndef EXTREF_CCURL_H
#define EXTREF_CCURL_H

#include <curl/curl.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

typedef size_t (*extref_curl_data_callback)(char *bytes, size_t size, size_t count, void *context);
typedef curl_socket_t (*extref_curl_socket_callback)(void *context, curlsocktype purpose,
                                                     struct curl_sockaddr *address);
typedef int (*extref_curl_prerequest_callback)(void *context, char *remote_ip, char *local_ip, int remote_port,
                                               int local_port);

CURLcode extref_curl_set_long(CURL *handle, CURLoption option, long value);
CURLcode extref_curl_set_offset(CURL *handle, CURLoption option, curl_off_t value);
CURLcode extref_curl_set_pointer(CURL *handle, CURLoption option, const void *value);
CURLcode extref_curl_set_data_callback(CURL *handle, CURLoption option, extref_curl_data_callback callback);
CURLcode extref_curl_set_socket_callback(CURL *handle, extref_curl_socket_callback callback);
CURLcode extref_curl_set_prerequest_callback(CURL *handle, extref_curl_prerequest_callback callback);

CURLcode extref_curl_get_long(CURL *handle, CURLINFO info, long *value);
CURLcode extref_curl_get_offset(CURL *handle, CURLINFO info, curl_off_t *value);
CURLcode extref_curl_get_pointer(CURL *handle, CURLINFO info, void **value);

CURLMcode extref_curl_multi_set_long(CURLM *multi, CURLMoption option, long value);

// The result of a finished transfer, out of a union that Swift cannot read. The handle is null for other messages.
CURL *extref_curl_message_done(const CURLMsg *message, CURLcode *result);

// Copies the octets of an IPv4 or IPv6 socket address and its port. Returns their count (4 or 16), or 0.
int extref_curl_address(const struct curl_sockaddr *address, uint8_t octets[16], uint16_t *port);

// Makes a socket of the kind libcurl asks for that no child process inherits.
curl_socket_t extref_curl_open_socket(const struct curl_sockaddr *address);

// Names the calling thread for profilers and core dumps; at most 15 characters count.
void extref_curl_name_thread(const char *name);

#endif
